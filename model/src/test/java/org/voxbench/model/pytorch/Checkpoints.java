package org.voxbench.model.pytorch;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/** The genuine checkpoints that {@code make_checkpoints.py} wrote, and spoilt copies of them. */
final class Checkpoints {

  private Checkpoints() {}

  static byte[] bytes(String name) throws IOException {
    try (InputStream in = Checkpoints.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IOException("no test resource " + name);
      }
      return in.readAllBytes();
    }
  }

  static Path copy(String name, Path folder) throws IOException {
    return Files.write(folder.resolve(name), bytes(name));
  }

  /** A zip with one entry more or another content, its checksums made anew. */
  static Path with(Path genuine, String entry, byte[] content, int method) throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    try (ZipFile zip = new ZipFile(genuine.toFile())) {
      for (ZipEntry one : zip.stream().toList()) {
        entries.put(one.getName(), zip.getInputStream(one).readAllBytes());
      }
    }
    entries.put(entry, content);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (Map.Entry<String, byte[]> one : entries.entrySet()) {
        ZipEntry header = new ZipEntry(one.getKey());
        if (method == ZipEntry.STORED) {
          CRC32 sum = new CRC32();
          sum.update(one.getValue());
          header.setMethod(method);
          header.setSize(one.getValue().length);
          header.setCrc(sum.getValue());
        }
        zip.putNextEntry(header);
        zip.write(one.getValue());
        zip.closeEntry();
      }
    }
    return Files.write(genuine.resolveSibling("spoilt.model"), bytes.toByteArray());
  }

  /** A checkpoint whose pickle is this text, one byte per character. */
  static Path pickled(Path folder, String pickle) throws IOException {
    Path genuine = copy("published.model", folder);
    byte[] bytes = pickle.getBytes(StandardCharsets.ISO_8859_1);
    return with(genuine, "published/data.pkl", bytes, ZipEntry.STORED);
  }
}
