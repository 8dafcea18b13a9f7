package org.voxbench.tracking.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.voxbench.tracking.Credentials;

/** Plain requests to a tracking server. */
final class ApiCaller {

  static final JsonMapper JSON = JsonMapper.builder().build();

  private static final Duration DEADLINE = Duration.ofMinutes(2);

  private final String host;
  private final Credentials credentials;
  private final HttpClient http;

  ApiCaller(URI server, Credentials credentials) {
    this.host = server.toString().replaceAll("/+$", "");
    this.credentials = credentials;
    this.http = credentials.client(Duration.ofSeconds(20));
  }

  /** What came back. */
  record Answer(int status, String body) {

    JsonNode json() throws IOException {
      return JSON.readTree(body);
    }

    String error() {
      try {
        return JSON.readTree(body).path("error_code").asText("");
      } catch (IOException notJson) {
        return "";
      }
    }
  }

  Answer get(String path) throws IOException {
    return send("GET", "/api/2.0/mlflow/" + path, null, "");
  }

  Answer post(String path, String json) throws IOException {
    return send("POST", "/api/2.0/mlflow/" + path, json, "");
  }

  Answer json(String method, String path, String json) throws IOException {
    return send(method, "/api/2.0/mlflow/" + path, json, "");
  }

  Answer artifact(String method, String path, @org.jspecify.annotations.Nullable String body)
      throws IOException {
    return send(method, "/api/2.0/mlflow-artifacts/artifacts" + path, body, "");
  }

  Answer range(String path, String range) throws IOException {
    return send("GET", "/api/2.0/mlflow-artifacts/artifacts" + path, null, range);
  }

  private Answer send(
      String method, String path, @org.jspecify.annotations.Nullable String body, String range)
      throws IOException {
    BodyPublisher content = body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(host + path)).timeout(DEADLINE).method(method, content);
    if (body != null) {
      request.header("Content-Type", "application/json");
    }
    if (!range.isEmpty()) {
      request.header("Range", range);
    }
    String authorization = credentials.header();
    if (authorization != null) {
      request.header("Authorization", authorization);
    }
    try {
      HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
      return new Answer(response.statusCode(), response.body());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", interrupted);
    }
  }
}
