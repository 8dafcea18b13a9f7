package org.voxbench.tracking;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * Puts files through the server's artifact proxy, or into the folder that a server on this machine
 * names. MLflow's Java client would start a Python process for each file instead, so this speaks
 * HTTP itself. What arrived is compared by SHA-256: a server that answers with {@code Repr-Digest}
 * (RFC 9530) has computed it, from any other the file is read back.
 */
final class ArtifactUpload {

  private static final String SCHEME = "mlflow-artifacts:/";
  private static final String PROXY = "/api/2.0/mlflow-artifacts/artifacts/";
  private static final String DIGEST = "Repr-Digest";
  private static final long SLOWEST_BYTES_PER_SECOND = 1 << 20;
  private static final int LONGEST_NAME = 255;

  private final Rest rest;

  ArtifactUpload(Rest rest) {
    this.rest = rest;
  }

  /**
   * Streams a file and makes sure that it arrived.
   *
   * @return its SHA-256 in hexadecimal
   */
  String put(String artifactUri, String path, Path file) throws TrackingException {
    String what = "storing artifact " + shown(path);
    List<String> parts = parts(what, path);
    byte[] digest = digest(what, file);
    Optional<Path> folder = LocalArtifacts.folder(artifactUri, rest.host());
    if (folder.isPresent()) {
      copy(what, file, folder.get(), path, digest);
    } else {
      send(what, target(what, artifactUri, parts), file, digest);
    }
    return HexFormat.of().formatHex(digest);
  }

  private static void copy(String what, Path file, Path folder, String path, byte[] digest)
      throws TrackingException {
    try {
      LocalArtifacts.copy(file, folder, path, digest);
    } catch (IOException failed) {
      throw new TrackingUnavailableException(
          what + ": the server's folder " + folder + " cannot be written to: " + failed, failed);
    }
  }

  private void send(String what, URI target, Path file, byte[] digest) throws TrackingException {
    String field = "sha-256=:" + Base64.getEncoder().encodeToString(digest) + ":";
    CountedFile body;
    try {
      body = new CountedFile(file);
    } catch (IOException | UncheckedIOException unreadable) {
      throw unreadable(what, file, unreadable);
    }
    long size = body.contentLength();
    HttpRequest request =
        rest.request(target)
            .header("Content-Type", "application/octet-stream")
            .header(DIGEST, field)
            .PUT(body)
            .build();
    // Once all is sent a server may take its time to pass the file on to a store behind it.
    Rest.Patience patience =
        new Rest.Patience(
            body::taken, taken -> taken < size ? rest.deadline() : storing(size, rest.deadline()));
    HttpResponse<String> response = rest.send(what, request, BodyHandlers.ofString(), patience);
    if (response.statusCode() / 100 != 2) {
      throw failure(what, response);
    }
    boolean confirmed = response.headers().firstValue(DIGEST).filter(field::equals).isPresent();
    if (!confirmed && !Arrays.equals(digest, digestThere(what, target, size))) {
      throw new TrackingUnavailableException(
          what + ": what the server holds differs from " + file + "; it is sent again");
    }
    rest.available();
  }

  private static Duration storing(long size, Duration deadline) {
    return deadline.plusSeconds(size / SLOWEST_BYTES_PER_SECOND);
  }

  // The server is an MLflow server: the run was made there. What it lacks is the proxy.
  private TrackingException failure(String what, HttpResponse<String> response) {
    int status = response.statusCode();
    return (status == 404 || status == 405) && !response.body().contains("\"error_code\"")
        ? new TrackingRefusedException(
            what
                + ": HTTP "
                + status
                + ": the server does not take artifacts for its clients; it has to be MLflow 2.0"
                + " or later, started with --artifacts-destination")
        : rest.failure(what, response);
  }

  private byte[] digestThere(String what, URI target, long size) throws TrackingException {
    Sha256Body body = new Sha256Body();
    Rest.Patience patience =
        new Rest.Patience(
            body::arrived,
            arrived -> arrived > 0 ? rest.deadline() : storing(size, rest.deadline()));
    HttpResponse<byte[]> response =
        rest.send(what, rest.request(target).GET().build(), body.handler(), patience);
    if (response.statusCode() / 100 != 2) {
      throw new TrackingUnavailableException(
          what + ": stored, but reading it back gives HTTP " + response.statusCode());
    }
    return response.body();
  }

  private static byte[] digest(String what, Path file) throws TrackingRefusedException {
    try (InputStream content = Files.newInputStream(file)) {
      return digest(content);
    } catch (IOException unreadable) {
      throw unreadable(what, file, unreadable);
    }
  }

  static byte[] digest(InputStream content) throws IOException {
    try {
      DigestInputStream digesting =
          new DigestInputStream(content, MessageDigest.getInstance("SHA-256"));
      byte[] buffer = new byte[1 << 16];
      while (digesting.read(buffer) >= 0) {}
      return digesting.getMessageDigest().digest();
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private URI target(String what, String artifactUri, List<String> path)
      throws TrackingRefusedException {
    if (!artifactUri.startsWith(SCHEME) || artifactUri.startsWith(SCHEME + "/")) {
      throw new TrackingRefusedException(
          what
              + ": the server keeps this run's artifacts at "
              + artifactUri
              + ", which it does not proxy; start it with --artifacts-destination, and without"
              + " --default-artifact-root");
    }
    List<String> parts = new ArrayList<>(parts(what, artifactUri.substring(SCHEME.length())));
    parts.addAll(path);
    return URI.create(rest.host() + PROXY + UrlText.path(String.join("/", parts)));
  }

  private static List<String> parts(String what, String path) throws TrackingRefusedException {
    List<String> parts = List.of(path.split("/", -1));
    for (String part : parts) {
      if (part.isEmpty() || part.equals(".") || part.equals("..")) {
        throw new TrackingRefusedException(
            what + ": expected a relative path without empty, '.' or '..' parts");
      }
      if (part.getBytes(StandardCharsets.UTF_8).length > LONGEST_NAME) {
        throw new TrackingRefusedException(
            what
                + ": a name of "
                + part.length()
                + " characters is longer than file systems allow ("
                + LONGEST_NAME
                + " bytes); give the file a shorter one");
      }
    }
    return parts;
  }

  private static String shown(String path) {
    return path.length() > 200 ? path.substring(0, 200) + "..." : path;
  }

  private static TrackingRefusedException unreadable(String what, Path file, Exception cause) {
    return new TrackingRefusedException(
        what + ": the file " + file + " cannot be read: " + cause, cause);
  }
}
