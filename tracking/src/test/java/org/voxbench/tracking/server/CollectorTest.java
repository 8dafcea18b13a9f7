package org.voxbench.tracking.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
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
}
