package org.voxbench.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.mlflow.api.proto.Service.RunInfo;
import org.mlflow.tracking.MlflowClient;
import org.voxbench.tracking.server.TestServer;

/** Files of a run whose server did not proxy them when it made the run, and does so now. */
@Timeout(60)
class EarlierPlaceTest {

  private static final Duration DEADLINE = Duration.ofSeconds(20);

  @TempDir private Path folder = Path.of("");

  private static TrackedRun run(URI server, String experiment, String id) {
    RunInfo info =
        RunInfo.newBuilder()
            .setExperimentId(experiment)
            .setRunId(id)
            .setArtifactUri("s3://bucket/y/" + experiment + "/" + id + "/artifacts")
            .build();
    Credentials none = Credentials.none();
    Shipper shipper =
        new Shipper(
            () -> new MlflowClient(none.forClient(server.toString())),
            DEADLINE,
            Duration.ZERO,
            System::nanoTime);
    Rest rest = new Rest(server.toString(), none, DEADLINE, shipper);
    return new TrackedRun(info, shipper, rest, new ArtifactUpload(rest, null));
  }

  @Test
  void theyArriveInTheRun() throws Exception {
    Path file = Files.writeString(folder.resolve("f"), "weights");
    try (TestServer server = new TestServer(folder.resolve("artifacts"));
        Tracker tracker = new Tracker(server.uri(), Credentials.none(), DEADLINE)) {
      TrackedRun made = tracker.open(new NewRun("demo", "k", "n", Instant.EPOCH, Map.of()));
      TrackedRun elsewhere = run(server.uri(), made.experimentId(), made.id());
      elsewhere.artifact("model/data/f", file);
      elsewhere.artifact("f", file);
      String root = made.artifactUri().substring("mlflow-artifacts:/".length());
      assertThat(folder.resolve("artifacts").resolve(root).resolve("model/data/f"))
          .hasContent("weights");
      assertThat(folder.resolve("artifacts").resolve(root).resolve("f")).hasContent("weights");
    }
  }

  @Test
  void whatDoesNotArriveInTheRunIsTakenBackAndRefused() throws Exception {
    Path file = Files.writeString(folder.resolve("f"), "weights");
    List<String> asked = new CopyOnWriteArrayList<>();
    HttpServer http =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    http.createContext("/", exchange -> answer(exchange, asked));
    http.start();
    try {
      TrackedRun run = run(URI.create("http://127.0.0.1:" + http.getAddress().getPort()), "1", "r");
      for (int i = 0; i < 2; i++) {
        assertThatThrownBy(() -> run.artifact("f", file))
            .isInstanceOf(TrackingRefusedException.class)
            .hasMessageContaining("s3://bucket/y/1/r/artifacts, which it does not proxy");
      }
    } finally {
      http.stop(0);
    }
    String proxied = "/api/2.0/mlflow-artifacts/artifacts/1/r/artifacts/f";
    assertThat(asked)
        .containsExactly(
            "PUT " + proxied,
            "GET " + proxied,
            "GET /api/2.0/mlflow/artifacts/list",
            "DELETE " + proxied);
  }

  private static void answer(HttpExchange exchange, List<String> asked) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      exchange.getRequestBody().readAllBytes();
      asked.add(exchange.getRequestMethod() + " " + path);
      byte[] body =
          (exchange.getRequestMethod().equals("GET") && path.endsWith("/f") ? "weights" : "{}")
              .getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
    }
  }
}
