package org.voxbench.workflows.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.voxbench.workflows.Home;
import org.voxbench.workflows.Json;
import org.voxbench.workflows.config.Experiment;
import org.voxbench.workflows.web.AccessToken;

/** The coordinator in another process, reached over loopback with the home folder's token. */
final class RemoteCoordinator implements Coordinator {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final URI server;
  private final AccessToken token;
  private final HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).build();

  private RemoteCoordinator(URI server, AccessToken token) {
    this.server = server;
    this.token = token;
  }

  /** The one that holds the home folder, unless it left no address. */
  static Optional<RemoteCoordinator> of(Home home) throws IOException {
    return CoordinatorAddress.of(home)
        .map(known -> new RemoteCoordinator(known.address(), AccessToken.of(home.root())));
  }

  /** The page of a run. */
  URI address(String id) {
    return server.resolve("/runs/" + id);
  }

  @Override
  public String submit(Experiment experiment, Path source) throws IOException {
    RunApi.Submission submission =
        new RunApi.Submission(source.toAbsolutePath(), experiment.tree());
    return post("/api/runs", Json.MAPPER.writeValueAsBytes(submission));
  }

  @Override
  public String resume(String id) throws IOException {
    return post("/api/runs/" + id + "/resume", new byte[0]);
  }

  private String post(String path, byte[] body) throws IOException {
    HttpRequest request =
        HttpRequest.newBuilder(server.resolve(path))
            .timeout(PATIENCE)
            .header("Authorization", "Bearer " + token.value())
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofByteArray(body))
            .build();
    try {
      HttpResponse<byte[]> response = client.send(request, BodyHandlers.ofByteArray());
      JsonNode answer = Json.MAPPER.readTree(response.body());
      if (response.statusCode() != 202) {
        throw new IllegalArgumentException(answer.path("message").asText());
      }
      return answer.path("run").asText();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while handing the run over", e);
    }
  }
}
