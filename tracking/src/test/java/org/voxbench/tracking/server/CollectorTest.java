package org.voxbench.tracking.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mlflow.tracking.MlflowClient;

/** What was deleted can be restored until it is deleted for good, with its artifacts. */
class CollectorTest {

  @Test
  void onlyWhatWasDeletedLongEnoughAgoGoesForGood(@TempDir Path folder) throws Exception {
    try (TestServer server = new TestServer(folder);
        MlflowClient client = new MlflowClient(server.uri().toString())) {
      String kept = client.createRun().getRunId();
      String gone = client.createRun().getRunId();
      for (String run : new String[] {kept, gone}) {
        client.logMetric(run, "m", 1, 1, 1);
        String path = "/api/2.0/mlflow-artifacts/artifacts/0/" + run + "/artifacts/weights";
        server.send(server.request(path).PUT(BodyPublishers.ofString("12345")));
      }
      client.deleteRun(gone);
      assertThat(server.api().collect(Duration.ofDays(1), false).runs()).isZero();
      assertThat(server.api().collect(Duration.ZERO, true))
          .isEqualTo(new TrackingApi.Collected(1, 0, 0, 5));
      client.restoreRun(gone);
      assertThat(server.api().collect(Duration.ZERO, false).runs()).isZero();
      client.deleteRun(gone);
      assertThat(server.api().collect(Duration.ZERO, false).bytes()).isEqualTo(5);
      assertThat(server.get("runs/get?run_id=" + gone).status()).isEqualTo(404);
      assertThat(server.get("runs/get?run_id=" + kept).status()).isEqualTo(200);
      assertThat(Files.exists(folder.resolve("0").resolve(gone))).isFalse();
      assertThat(Files.exists(folder.resolve("0").resolve(kept).resolve("artifacts/weights")))
          .isTrue();
    }
  }

  @Test
  void aDeletedExperimentGoesWithItsRuns(@TempDir Path folder) throws Exception {
    try (TestServer server = new TestServer(folder);
        MlflowClient client = new MlflowClient(server.uri().toString())) {
      String experiment = client.createExperiment("old");
      client.createRun(experiment);
      client.deleteExperiment(experiment);
      assertThat(server.api().collect(Duration.ZERO, false))
          .isEqualTo(new TrackingApi.Collected(1, 1, 0, 0));
      assertThat(client.createExperiment("old")).isNotEqualTo(experiment);
    }
  }

  @Test
  void modelsOfADeletedExperimentGoWithTheirFiles(@TempDir Path folder) throws Exception {
    try (TestServer server = new TestServer(folder);
        MlflowClient client = new MlflowClient(server.uri().toString())) {
      String experiment = client.createExperiment("old");
      String made = "{\"experiment_id\":\"" + experiment + "\",\"name\":\"net\"}";
      String model = server.post("logged-models", made).json().at("/model/info/model_id").asText();
      String path = experiment + "/models/" + model + "/artifacts/MLmodel";
      server.send(
          server
              .request("/api/2.0/mlflow-artifacts/artifacts/" + path)
              .PUT(BodyPublishers.ofString("123")));
      client.deleteExperiment(experiment);
      assertThat(server.api().collect(Duration.ZERO, true))
          .isEqualTo(new TrackingApi.Collected(0, 1, 1, 3));
      assertThat(server.api().collect(Duration.ZERO, false).experiments()).isEqualTo(1);
      assertThat(Files.exists(folder.resolve(path))).isFalse();
    }
  }

  @Test
  void collectingUnderLoadTakesOnlyWhatIsDeleted(@TempDir Path folder) throws Exception {
    try (TestServer server = new TestServer(folder);
        MlflowClient client = new MlflowClient(server.uri().toString())) {
      AtomicBoolean over = new AtomicBoolean();
      List<String> gone = new ArrayList<>();
      List<String> kept = new ArrayList<>();
      CompletableFuture<Integer> collecting =
          CompletableFuture.supplyAsync(() -> collectUntil(over, server));
      for (int i = 0; i < 60; i++) {
        String run = client.createRun().getRunId();
        for (int step = 0; step < 5; step++) {
          client.logMetric(run, "m", step, step, step);
        }
        String path = "/api/2.0/mlflow-artifacts/artifacts/0/" + run + "/artifacts/weights";
        server.send(server.request(path).PUT(BodyPublishers.ofString("12345")));
        if (i % 2 == 0) {
          client.deleteRun(run);
          gone.add(run);
        } else {
          kept.add(run);
        }
      }
      over.set(true);
      assertThat(collecting.get()).isEqualTo(gone.size());
      for (String run : kept) {
        assertThat(client.getMetricHistory(run, "m")).hasSize(5);
        assertThat(folder.resolve("0/" + run + "/artifacts/weights")).hasContent("12345");
      }
      for (String run : gone) {
        assertThat(server.get("runs/get?run_id=" + run).status()).isEqualTo(404);
        assertThat(folder.resolve("0/" + run)).doesNotExist();
      }
    }
  }

  private static int collectUntil(AtomicBoolean over, TestServer server) {
    try {
      int runs = 0;
      boolean last;
      do {
        last = over.get();
        runs += server.api().collect(Duration.ZERO, false).runs();
      } while (!last);
      return runs;
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  @Test
  void whatWasRestoredInTimeStays(@TempDir Path folder) throws Exception {
    try (TestServer server = new TestServer(folder);
        MlflowClient client = new MlflowClient(server.uri().toString())) {
      String experiment = client.createExperiment("back");
      String run = client.createRun(experiment).getRunId();
      client.deleteExperiment(experiment);
      client.restoreExperiment(experiment);
      assertThat(server.api().collect(Duration.ZERO, false))
          .isEqualTo(new TrackingApi.Collected(0, 0, 0, 0));
      assertThat(client.getRun(run).getInfo().getLifecycleStage()).isEqualTo("active");
    }
  }
}
