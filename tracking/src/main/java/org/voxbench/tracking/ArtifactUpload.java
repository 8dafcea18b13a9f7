package org.voxbench.tracking;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
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

/**
 * Puts files through the server's artifact proxy. MLflow's Java client would start a Python process
 * for each file instead, so this speaks HTTP itself. What arrived is compared by SHA-256: a server
 * that answers with {@code Repr-Digest} (RFC 9530) has computed it, from any other the file is read
 * back.
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
    URI target = target(what, artifactUri, path);
    byte[] digest = digest(what, file);
    String field = "sha-256=:" + Base64.getEncoder().encodeToString(digest) + ":";
    Duration timeout = timeout(what, file);
    HttpRequest request;
    try {
      request =
          rest.request(target, timeout)
              .header("Content-Type", "application/octet-stream")
              .header(DIGEST, field)
              .PUT(BodyPublishers.ofFile(file))
              .build();
    } catch (IOException | UncheckedIOException unreadable) {
      throw unreadable(what, file, unreadable);
    }
    HttpResponse<String> response = rest.send(what, request, BodyHandlers.ofString());
    if (response.statusCode() / 100 != 2) {
      throw rest.failure(what, response);
    }
    boolean confirmed = response.headers().firstValue(DIGEST).filter(field::equals).isPresent();
    if (!confirmed && !Arrays.equals(digest, digestThere(what, target, timeout))) {
      throw new TrackingUnavailableException(
          what + ": what the server holds differs from " + file + "; it is sent again");
    }
    rest.available();
    return HexFormat.of().formatHex(digest);
  }

  private byte[] digestThere(String what, URI target, Duration timeout) throws TrackingException {
    HttpRequest request = rest.request(target, timeout).GET().build();
    HttpResponse<InputStream> response = rest.send(what, request, BodyHandlers.ofInputStream());
    try (InputStream body = response.body()) {
      if (response.statusCode() / 100 != 2) {
        throw new TrackingUnavailableException(
            what + ": stored, but reading it back gives HTTP " + response.statusCode());
      }
      return digest(body);
    } catch (IOException broken) {
      throw new TrackingUnavailableException(what + ": reading it back: " + broken, broken);
    }
  }

  private static byte[] digest(String what, Path file) throws TrackingRefusedException {
    try (InputStream content = Files.newInputStream(file)) {
      return digest(content);
    } catch (IOException unreadable) {
      throw unreadable(what, file, unreadable);
    }
  }

  private static byte[] digest(InputStream content) throws IOException {
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

  private URI target(String what, String artifactUri, String path) throws TrackingRefusedException {
    if (!artifactUri.startsWith(SCHEME) || artifactUri.startsWith(SCHEME + "/")) {
      throw new TrackingRefusedException(
          what
              + ": the server keeps this run's artifacts at "
              + artifactUri
              + ", which it does not proxy; start it with --artifacts-destination, and without"
              + " --default-artifact-root");
    }
    List<String> parts = new ArrayList<>();
    for (String part : (artifactUri.substring(SCHEME.length()) + "/" + path).split("/", -1)) {
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
      parts.add(URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20"));
    }
    return URI.create(rest.host() + PROXY + String.join("/", parts));
  }

  private Duration timeout(String what, Path file) throws TrackingRefusedException {
    try {
      return rest.deadline().plusSeconds(Files.size(file) / SLOWEST_BYTES_PER_SECOND);
    } catch (IOException unreadable) {
      throw unreadable(what, file, unreadable);
    }
  }

  private static String shown(String path) {
    return path.length() > 200 ? path.substring(0, 200) + "..." : path;
  }

  private static TrackingRefusedException unreadable(String what, Path file, Exception cause) {
    return new TrackingRefusedException(
        what + ": the file " + file + " cannot be read: " + cause, cause);
  }
}
