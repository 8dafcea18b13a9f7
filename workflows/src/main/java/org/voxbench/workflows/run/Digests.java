package org.voxbench.workflows.run;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/** SHA-256 of bytes, files and folders as 64 hexadecimal digits. */
final class Digests {

  private static final int BUFFER = 1 << 20;

  private Digests() {}

  static String sha256(byte[] bytes) {
    return HexFormat.of().formatHex(newSha256().digest(bytes));
  }

  static String sha256(Path file) throws IOException {
    MessageDigest digest = newSha256();
    byte[] buffer = new byte[BUFFER];
    try (InputStream in = Files.newInputStream(file)) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        digest.update(buffer, 0, n);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /** Over the names and contents of all files below {@code path}, or of the file itself. */
  static String ofContent(Path path) throws IOException {
    if (Files.isRegularFile(path)) {
      return sha256(path);
    }
    StringBuilder all = new StringBuilder();
    for (Path file : filesBelow(path)) {
      all.append(path.relativize(file)).append(' ').append(sha256(file)).append('\n');
    }
    return sha256(all.toString().getBytes(StandardCharsets.UTF_8));
  }

  /** Regular files below a folder, sorted by name. */
  static List<Path> filesBelow(Path folder) throws IOException {
    try (Stream<Path> walk = Files.walk(folder)) {
      return walk.filter(Files::isRegularFile).sorted().toList();
    }
  }

  private static MessageDigest newSha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
