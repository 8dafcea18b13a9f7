package org.voxbench.tracking;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Puts files through the server's artifact proxy. MLflow's Java client would start a Python process
 * for each file instead, so this speaks HTTP itself.
 */
final class ArtifactUpload {

  private static final String SCHEME = "mlflow-artifacts:/";
  private static final String PROXY = "/api/2.0/mlflow-artifacts/artifacts/";
  private static final long SLOWEST_BYTES_PER_SECOND = 1 << 20;

  private final String host;
  private final Credentials credentials;
  private final Duration deadline;
  private final Shipper shipper;
  private final HttpClient http;

  ArtifactUpload(String host, Credentials credentials, Duration deadline, Shipper shipper) {
    this.host = host;
    this.credentials = credentials;
    this.deadline = deadline;
    this.shipper = shipper;
    http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(deadline)
            .build();
  }

  void put(String artifactUri, String path, Path file) throws TrackingException {
    String what = "storing artifact " + path;
    shipper.checkNotPaused(what);
    HttpRequest request = request(what, target(what, artifactUri, path), file);
    try {
      HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
      if (response.statusCode() / 100 != 2) {
        throw failure(what, response);
      }
      shipper.available();
    } catch (IOException broken) {
      shipper.unavailable(null, what + ": " + broken);
      throw new TrackingUnavailableException(what + ": " + broken, broken);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new TrackingUnavailableException(what + ": interrupted", interrupted);
    }
  }

  private TrackingException failure(String what, HttpResponse<String> response) {
    IOException answer = new IOException("HTTP " + response.statusCode() + " to " + what);
    TrackingException failure = Failures.of(what, response.statusCode(), response.body(), answer);
    if (failure instanceof TrackingUnavailableException) {
      shipper.unavailable(null, String.valueOf(failure.getMessage()));
    }
    return failure;
  }

  private URI target(String what, String artifactUri, String path) throws TrackingRefusedException {
    boolean proxied = artifactUri.startsWith(SCHEME) && !artifactUri.startsWith(SCHEME + "/");
    if (!proxied) {
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
      parts.add(URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20"));
    }
    return URI.create(host + PROXY + String.join("/", parts));
  }

  private HttpRequest request(String what, URI target, Path file) throws TrackingRefusedException {
    try {
      long seconds = Files.size(file) / SLOWEST_BYTES_PER_SECOND;
      HttpRequest.Builder request =
          HttpRequest.newBuilder(target)
              .timeout(deadline.plusSeconds(seconds))
              .header("Content-Type", "application/octet-stream")
              .PUT(BodyPublishers.ofFile(file));
      String authorization = credentials.header();
      if (authorization != null) {
        request.header("Authorization", authorization);
      }
      return request.build();
    } catch (IOException | UncheckedIOException unreadable) {
      throw new TrackingRefusedException(
          what + ": the file " + file + " cannot be read: " + unreadable, unreadable);
    }
  }
}
