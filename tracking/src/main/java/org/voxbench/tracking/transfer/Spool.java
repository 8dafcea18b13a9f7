package org.voxbench.tracking.transfer;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import org.voxbench.tracking.MlflowServer.Download;
import org.voxbench.tracking.TrackingException;

/** One file on its way from one server to the other; a download that broke off goes on. */
final class Spool implements AutoCloseable {

  private static final int BUFFER = 1 << 16;
  private static final int ATTEMPTS = 8;

  private final Both both;
  private final Path file;

  Spool(Both both) throws IOException {
    this.both = both;
    Files.createDirectories(both.notes());
    file = Files.createTempFile(both.notes(), "artifact", ".part");
  }

  Path file() {
    return file;
  }

  long size() throws IOException {
    return Files.size(file);
  }

  /**
   * Downloads a file of the one side.
   *
   * @param size that the server lists, or -1
   * @return its SHA-256 in hexadecimal
   */
  String fetch(String uri, String run, String path, long size)
      throws TrackingException, IOException {
    for (int attempt = 1; ; attempt++) {
      long have = Files.size(file);
      Download download =
          both.from()
              .call(server -> server.download(uri, run, path, have))
              .orElseThrow(() -> new IOException("artifact " + path + " is listed but not there"));
      try {
        receive(download, path);
        return checked(download, path, size);
      } catch (BrokenOffException broken) {
        if (attempt == ATTEMPTS) {
          throw new IOException("artifact " + path + " breaks off again and again", broken);
        }
      }
    }
  }

  /** The other side's end failed, not ours. */
  private static final class BrokenOffException extends Exception {
    private static final long serialVersionUID = 1;

    BrokenOffException(String message, IOException cause) {
      super(message, cause);
    }

    BrokenOffException(String message) {
      super(message);
    }
  }

  private void receive(Download download, String path) throws IOException, BrokenOffException {
    StandardOpenOption where =
        download.resumed() ? StandardOpenOption.APPEND : StandardOpenOption.TRUNCATE_EXISTING;
    try (InputStream body = download.body();
        OutputStream out = Files.newOutputStream(file, StandardOpenOption.WRITE, where)) {
      read(
          body,
          path,
          (buffer, length) -> {
            out.write(buffer, 0, length);
            both.meter().bytes(length, path);
          });
    }
  }

  private interface Sink {
    void take(byte[] buffer, int length) throws IOException;
  }

  private void read(InputStream body, String path, Sink sink)
      throws IOException, BrokenOffException {
    byte[] buffer = new byte[BUFFER];
    while (true) {
      both.from().checkStop();
      int length;
      try {
        length = body.read(buffer);
      } catch (IOException broken) {
        throw new BrokenOffException("artifact " + path + " " + broken.getMessage(), broken);
      }
      if (length < 0) {
        return;
      }
      sink.take(buffer, length);
    }
  }

  private String checked(Download download, String path, long size)
      throws IOException, BrokenOffException {
    MessageDigest sha256 = sha256();
    try (InputStream content = Files.newInputStream(file)) {
      byte[] buffer = new byte[BUFFER];
      int length;
      while ((length = content.read(buffer)) >= 0) {
        sha256.update(buffer, 0, length);
      }
    }
    byte[] digest = sha256.digest();
    String field = "sha-256=:" + Base64.getEncoder().encodeToString(digest) + ":";
    boolean announced =
        download.digest() == null
            || !download.digest().startsWith("sha-256=")
            || download.digest().equals(field);
    if ((size >= 0 && Files.size(file) != size) || !announced) {
      Files.write(file, new byte[0]);
      throw new BrokenOffException(
          "artifact " + path + " arrived damaged: another size or digest than the server says");
    }
    return HexFormat.of().formatHex(digest);
  }

  /** The digest of what the other side holds; empty where it holds nothing. */
  String digestThere(String uri, String path) throws TrackingException, IOException {
    var held = both.to().call(server -> server.download(uri, "", path, 0));
    if (held.isEmpty()) {
      return "";
    }
    MessageDigest sha256 = sha256();
    try (InputStream body = held.get().body()) {
      read(body, path, (buffer, length) -> sha256.update(buffer, 0, length));
    } catch (BrokenOffException broken) {
      return "";
    }
    return HexFormat.of().formatHex(sha256.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(file);
  }
}
