package org.voxbench.tracking;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Calls that MLflow's Java client has no method for, over the JDK's client: registry, inputs, raw
 * bytes. Each request has a deadline and is sent once; an outage seen here pauses the {@link
 * Shipper} too.
 */
final class Rest {

  static final JsonMapper JSON = JsonMapper.builder().build();

  private static final String API = "/api/2.0/mlflow/";

  private final String host;
  private final Credentials credentials;
  private final Duration deadline;
  private final Shipper shipper;
  private final HttpClient http;

  Rest(String host, Credentials credentials, Duration deadline, Shipper shipper) {
    this.host = host;
    this.credentials = credentials;
    this.deadline = deadline;
    this.shipper = shipper;
    http = credentials.client(deadline);
  }

  /**
   * Calls the API.
   *
   * @param path such as {@code registered-models/create}, with its query
   * @param body null for none
   */
  JsonNode call(String what, String method, String path, @Nullable JsonNode body)
      throws TrackingException {
    return callAt(what, method, API + path, body);
  }

  /** The same for a whole path of the server. */
  JsonNode callAt(String what, String method, String path, @Nullable JsonNode body)
      throws TrackingException {
    HttpResponse<String> response = answer(what, method, path, body);
    if (response.statusCode() / 100 != 2) {
      throw failure(what, response);
    }
    shipper.available();
    return read(what, response.body());
  }

  /** Calls what an older server may not have: empty where it has no such path. */
  Optional<JsonNode> callIfKnown(String what, String method, String path, @Nullable JsonNode body)
      throws TrackingException {
    HttpResponse<String> response = answer(what, method, API + path, body);
    if (isUnknown(response)) {
      shipper.available();
      return Optional.empty();
    }
    if (response.statusCode() / 100 != 2) {
      throw failure(what, response);
    }
    shipper.available();
    return Optional.of(read(what, response.body()));
  }

  /** Whether an answer says that the server has no such path at all. */
  static boolean isUnknown(HttpResponse<String> response) {
    int status = response.statusCode();
    return (status == 404 || status == 405 || status == 501)
        && (!response.body().contains("\"error_code\"")
            || response.body().contains("ENDPOINT_NOT_FOUND")
            || response.body().contains("NOT_IMPLEMENTED"));
  }

  private HttpResponse<String> answer(
      String what, String method, String path, @Nullable JsonNode body) throws TrackingException {
    HttpRequest.Builder request =
        request(URI.create(host + path))
            .method(
                method,
                body == null
                    ? BodyPublishers.noBody()
                    : BodyPublishers.ofString(String.valueOf(body)));
    if (body != null) {
      request.header("Content-Type", "application/json");
    }
    return send(what, request.build(), BodyHandlers.ofString());
  }

  /** A request with this server's credentials. */
  HttpRequest.Builder request(URI target) {
    HttpRequest.Builder request = HttpRequest.newBuilder(target);
    String authorization = credentials.header();
    if (authorization != null) {
      request.header("Authorization", authorization);
    }
    return request;
  }

  /** Sends once; what breaks off or is not there in whole within the deadline is unavailable. */
  <T> HttpResponse<T> send(String what, HttpRequest request, BodyHandler<T> handler)
      throws TrackingException {
    return send(what, request, handler, new Patience(() -> 0, ignored -> deadline));
  }

  /**
   * How long something that moves bytes may take.
   *
   * @param moved bytes so far
   * @param limit how long it may stand still, by the bytes so far
   */
  record Patience(LongSupplier moved, LongFunction<Duration> limit) {}

  /** The same for what may take long: given up only when it has stood still. */
  <T> HttpResponse<T> send(
      String what, HttpRequest request, BodyHandler<T> handler, Patience patience)
      throws TrackingException {
    try {
      return sendElsewhere(what, request, handler, patience);
    } catch (IOException broken) {
      String why = what + ": " + broken.getMessage();
      shipper.unavailable(null, why);
      throw new TrackingUnavailableException(why, broken);
    }
  }

  /**
   * The same for another host, whose outage is not the tracking server's.
   *
   * @throws IOException with a message for people, when it broke off or stood still
   */
  <T> HttpResponse<T> sendElsewhere(
      String what, HttpRequest request, BodyHandler<T> handler, Patience patience)
      throws IOException, TrackingException {
    shipper.checkNotPaused(what);
    CompletableFuture<HttpResponse<T>> answer = http.sendAsync(request, handler);
    try {
      return await(answer, patience);
    } catch (ExecutionException failed) {
      Throwable cause = failed.getCause() == null ? failed : failed.getCause();
      throw new IOException(Failures.shown(cause), cause);
    } catch (TimeoutException still) {
      answer.cancel(true);
      throw new IOException(still.getMessage(), still);
    } catch (InterruptedException interrupted) {
      answer.cancel(true);
      Thread.currentThread().interrupt();
      throw new TrackingUnavailableException(what + ": interrupted", interrupted);
    }
  }

  // The request's own timeout ends with the head of the answer: a body may dribble for ever.
  private static <T> T await(CompletableFuture<T> answer, Patience patience)
      throws ExecutionException, TimeoutException, InterruptedException {
    while (true) {
      long before = patience.moved().getAsLong();
      Duration limit = patience.limit().apply(before);
      try {
        return answer.get(limit.toMillis(), TimeUnit.MILLISECONDS);
      } catch (TimeoutException overrun) {
        if (patience.moved().getAsLong() == before) {
          throw new TimeoutException("timed out: no answer within " + limit.toMillis() + " ms");
        }
      }
    }
  }

  TrackingException failure(String what, HttpResponse<String> response) {
    return failure(what, response.statusCode(), response.body());
  }

  TrackingException failure(String what, int status, String body) {
    IOException answer = new IOException("HTTP " + status + " to " + what);
    TrackingException failure = Failures.of(what, status, body, answer);
    if (failure instanceof TrackingUnavailableException) {
      shipper.unavailable(null, String.valueOf(failure.getMessage()));
    }
    return failure;
  }

  void available() {
    shipper.available();
  }

  String host() {
    return host;
  }

  Duration deadline() {
    return deadline;
  }

  /** The JSON of an answer. */
  JsonNode read(String what, String body) throws TrackingUnavailableException {
    try {
      return JSON.readTree(body.isEmpty() ? "{}" : body);
    } catch (JsonProcessingException notJson) {
      String message = what + ": expected JSON but the answer is none";
      shipper.unavailable(null, message);
      throw new TrackingUnavailableException(message, notJson);
    }
  }
}
