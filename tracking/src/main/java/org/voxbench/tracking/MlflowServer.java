package org.voxbench.tracking;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.mlflow.tracking.MlflowClient;

/**
 * A tracking server for callers that need more of it than {@link Tracker} offers: MLflow's Java
 * client under a deadline, the rest of the API as JSON, and artifacts as streams. Every call is
 * made once; {@link TrackingUnavailableException} says that it may be made again. Safe for use by
 * many threads.
 */
public final class MlflowServer implements AutoCloseable {

  private static final String SCHEME = "mlflow-artifacts:/";
  private static final String PROXY = "/api/2.0/mlflow-artifacts/artifacts";
  private static final Duration STANDSTILL = Duration.ofSeconds(20);

  private final Shipper shipper;
  private final Rest rest;
  private final ArtifactUpload upload;
  private final Duration standstill;

  /**
   * Connects to nothing yet.
   *
   * @param server http or https, may have a path; credentials in it are refused
   * @param deadline for one request; a download may stand still for as long, 20 s at most
   * @param uploads folder for notes on uploads that are under way: an artifact of more than 64 MiB
   *     goes on where it broke off
   * @throws IllegalArgumentException saying what is wrong with the address
   */
  public MlflowServer(URI server, Credentials credentials, Duration deadline, Path uploads) {
    String host = Tracker.checked(server);
    shipper =
        new Shipper(
            () -> new MlflowClient(credentials.forClient(host)),
            deadline,
            Duration.ZERO,
            System::nanoTime);
    rest = new Rest(host, credentials, deadline, shipper);
    upload = new ArtifactUpload(rest, PartRules.standard(uploads));
    standstill = deadline.compareTo(STANDSTILL) < 0 ? deadline : STANDSTILL;
  }

  /**
   * What a server sends of a file: from its first byte on, or from the offset asked for. Reading
   * fails where the server breaks off or stands still.
   */
  public record Download(boolean resumed, @Nullable String digest, InputStream body) {}

  /**
   * Calls the API by JSON.
   *
   * @param what for messages, such as "listing experiments"
   * @param path behind {@code /api/2.0/mlflow/}, with its query
   * @param body null for none
   */
  public JsonNode call(String what, String method, String path, @Nullable JsonNode body)
      throws TrackingException {
    return rest.call(what, method, path, body);
  }

  /** Calls what an older server may not have: empty where it has no such path. */
  public Optional<JsonNode> callIfKnown(
      String what, String method, String path, @Nullable JsonNode body) throws TrackingException {
    return rest.callIfKnown(what, method, path, body);
  }

  /** Calls through MLflow's Java client. */
  public <T> T client(String what, Function<MlflowClient, T> work) throws TrackingException {
    return shipper.call(what, work);
  }

  /** A run that is there, to add to. */
  public TrackedRun run(String id) throws TrackingException {
    return shipper.call(
        "looking at run " + id,
        client -> new TrackedRun(client.getRun(id).getInfo(), shipper, rest, upload));
  }

  /**
   * Streams a file to below an artifact URI and makes sure that it arrived.
   *
   * @return its SHA-256 in hexadecimal
   */
  public String upload(String artifactUri, String path, Path file) throws TrackingException {
    return upload.put(artifactUri, path, file);
  }

  /** Lists a folder below an artifact URI that the server proxies; paths count from that folder. */
  public JsonNode list(String artifactUri, String path) throws TrackingException {
    String folder = proxied(artifactUri) + (path.isEmpty() ? "" : "/" + path);
    return rest.callAt(
        "listing artifacts of " + artifactUri, "GET", PROXY + "?path=" + encoded(folder), null);
  }

  /**
   * Opens a file for reading; empty where the server has none of that path.
   *
   * @param run its run, through which files are read that the server does not proxy; empty for none
   * @param offset bytes the caller has already
   */
  public Optional<Download> download(String artifactUri, String run, String path, long offset)
      throws TrackingException {
    String what = "reading artifact " + path;
    boolean direct = artifactUri.startsWith(SCHEME) || run.isEmpty();
    String at =
        direct
            ? PROXY + "/" + UrlText.path(proxied(artifactUri) + "/" + path)
            : "/get-artifact?run_id=" + encoded(run) + "&path=" + encoded(path);
    HttpRequest.Builder request =
        rest.request(URI.create(rest.host() + at)).header("Want-Repr-Digest", "sha-256=1");
    if (offset > 0) {
      request.header("Range", "bytes=" + offset + "-");
    }
    HttpResponse<InputStream> response =
        rest.send(what, request.GET().build(), MovingBody.handler(standstill));
    if (response.statusCode() / 100 == 2) {
      return Optional.of(
          new Download(
              response.statusCode() == 206,
              response.headers().firstValue("Repr-Digest").orElse(null),
              response.body()));
    }
    String said = drained(response);
    if (response.statusCode() == 404 && said.contains("RESOURCE_DOES_NOT_EXIST")) {
      return Optional.empty();
    }
    throw rest.failure(what, response.statusCode(), said);
  }

  private static String drained(HttpResponse<InputStream> response) {
    try (InputStream body = response.body()) {
      return new String(body.readNBytes(2000), StandardCharsets.UTF_8);
    } catch (IOException broken) {
      return broken.toString();
    }
  }

  private static String proxied(String artifactUri) throws TrackingRefusedException {
    if (!artifactUri.startsWith(SCHEME) || artifactUri.startsWith(SCHEME + "/")) {
      throw new TrackingRefusedException(
          "the server keeps these artifacts at " + artifactUri + ", which it does not proxy");
    }
    return artifactUri.substring(SCHEME.length());
  }

  /** Text as a part of a path or query. */
  public static String encoded(String text) {
    return UrlText.encoded(text);
  }

  /** Gives up what is under way. */
  @Override
  public void close() {
    shipper.close();
  }
}
