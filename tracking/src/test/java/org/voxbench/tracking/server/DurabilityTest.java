package org.voxbench.tracking.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.mlflow.api.proto.Service.Metric;
import org.mlflow.tracking.MlflowClient;

/**
 * A client that was answered never has to ask again, even if the server dies in the next moment.
 */
@Timeout(120)
class DurabilityTest {

  private static final int BATCHES = 5;
  private static final int SINGLES = 20;

  @Test
  void whatWasAnsweredIsThereAfterTheServerWasKilled(@TempDir Path folder) throws Exception {
    Process server = server(folder);
    String run;
    BufferedReader said = server.inputReader();
    try {
      String address = said.readLine();
      while (address != null && !address.startsWith("http:")) {
        address = said.readLine();
      }
      Thread drain = new Thread(() -> said.lines().forEach(line -> {}), "server-output");
      drain.setDaemon(true);
      drain.start();
      try (MlflowClient client = new MlflowClient(String.valueOf(address))) {
        run = client.createRun().getRunId();
        for (int batch = 0; batch < BATCHES; batch++) {
          client.logBatch(run, points(batch), List.of(), List.of());
        }
        for (int i = 0; i < SINGLES; i++) {
          client.logMetric(run, "single", i, i, i);
        }
        client.setTag(run, "last", "word");
      }
    } finally {
      server.destroyForcibly().waitFor();
    }
    String database = "jdbc:h2:" + folder.resolve("tracking").toAbsolutePath();
    try (TestServer again = new TestServer(database, folder.resolve("artifacts"))) {
      assertThat(history(again, run, "curve")).hasSize(BATCHES * 1000);
      assertThat(history(again, run, "single")).hasSize(SINGLES);
      assertThat(again.get("runs/get?run_id=" + run).body()).contains("\"word\"");
    }
  }

  private static JsonNode history(TestServer server, String run, String key) throws Exception {
    String query = "metrics/get-history?max_results=25000&metric_key=" + key + "&run_id=" + run;
    return server.get(query).json().path("metrics");
  }

  private static List<Metric> points(int batch) {
    List<Metric> points = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      long step = batch * 1000L + i;
      points.add(
          Metric.newBuilder().setKey("curve").setValue(i).setTimestamp(step).setStep(step).build());
    }
    return points;
  }

  private static Process server(Path folder) throws Exception {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            TestServer.class.getName(),
            folder.toString())
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }
}
