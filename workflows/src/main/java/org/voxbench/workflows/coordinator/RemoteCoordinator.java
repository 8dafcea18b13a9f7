package org.voxbench.workflows.coordinator;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;
import org.voxbench.workflows.Home;
import org.voxbench.workflows.Json;
import org.voxbench.workflows.run.Stops;
import org.voxbench.workflows.web.AccessToken;

/** The coordinator in another process, reached over loopback with the home folder's token. */
public final class RemoteCoordinator implements Coordinator {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration MOST = Duration.ofHours(12);

  private final URI server;
  private final AccessToken token;
  private final HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).build();

  private RemoteCoordinator(URI server, AccessToken token) {
    this.server = server;
    this.token = token;
  }

  /** The one that holds the home folder, unless it left no address. */
  public static Optional<RemoteCoordinator> of(Home home) throws IOException {
    return CoordinatorAddress.of(home)
        .map(known -> new RemoteCoordinator(known.address(), AccessToken.of(home.root())));
  }

  /** The page of a run. */
  public URI address(String id) {
    return server.resolve("/runs/" + id);
  }

  /** The one that holds the home folder, if it answers. */
  public static Optional<RemoteCoordinator> answering(Home home) throws IOException {
    Optional<CoordinatorAddress> known = CoordinatorAddress.of(home);
    return known.isPresent() && ProcessHandle.of(known.get().pid()).isPresent()
        ? of(home)
        : Optional.empty();
  }

  @Override
  public String submit(Order order) throws IOException {
    RunApi.Submission submission =
        new RunApi.Submission(
            order.source().toAbsolutePath(),
            order.experiment().tree(),
            order.priority(),
            order.sweep(),
            order.cell());
    return post("/api/runs", Json.MAPPER.writeValueAsBytes(submission));
  }

  @Override
  public String resume(String id) throws IOException {
    return post("/api/runs/" + id + "/resume", new byte[0]);
  }

  @Override
  public String stop(String id, Stops.Why why) throws IOException {
    String action = why == Stops.Why.CANCEL ? "cancel" : "pause";
    return post("/api/runs/" + id + "/" + action, new byte[0]);
  }

  /** Asks it something. */
  JsonNode get(String path) throws IOException {
    return send(request(path).GET().build(), 200);
  }

  /** Has it do something. */
  public JsonNode change(String method, String path, byte[] body) throws IOException {
    return send(request(path).method(method, BodyPublishers.ofByteArray(body)).build(), 202);
  }

  /** Has it do something that may take as long as it takes. */
  JsonNode patiently(String path) throws IOException {
    HttpRequest.Builder request = request(path).timeout(MOST).POST(BodyPublishers.noBody());
    return send(request.build(), 202);
  }

  /** What it sends; to be closed. */
  InputStream download(String path) throws IOException {
    HttpRequest request = request(path).timeout(MOST).POST(BodyPublishers.noBody()).build();
    try {
      HttpResponse<InputStream> response = client.send(request, BodyHandlers.ofInputStream());
      if (response.statusCode() != 200) {
        try (InputStream in = response.body()) {
          throw new IllegalArgumentException(Json.MAPPER.readTree(in).path("message").asText());
        }
      }
      return response.body();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while talking to the coordinator", e);
    }
  }

  private String post(String path, byte[] body) throws IOException {
    return change("POST", path, body).path("run").asText();
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(server.resolve(path))
        .timeout(PATIENCE)
        .header("Authorization", "Bearer " + token.value())
        .header("Content-Type", "application/json");
  }

  private JsonNode send(HttpRequest request, int expected) throws IOException {
    try {
      HttpResponse<byte[]> response = client.send(request, BodyHandlers.ofByteArray());
      JsonNode answer = Json.MAPPER.readTree(response.body());
      if (response.statusCode() != expected) {
        throw new IllegalArgumentException(answer.path("message").asText());
      }
      return answer;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while talking to the coordinator", e);
    }
  }
}
