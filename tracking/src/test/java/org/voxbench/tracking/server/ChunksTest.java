package org.voxbench.tracking.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.flywaydb.core.Flyway;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mlflow.api.proto.Service.Metric;
import org.mlflow.tracking.MlflowClient;

/** Points are kept in chunks, which nobody who reads them notices. */
class ChunksTest {

  @Test
  void pointsInAnyOrderAndRepeatedAtRandomAreAllThereOnce(@TempDir Path folder) {
    try (TestServer server = new TestServer(folder);
        MlflowClient client = new MlflowClient(server.uri().toString())) {
      String run = client.createRun().getRunId();
      Random random = new Random(7);
      List<Integer> sent = new ArrayList<>();
      for (int i = 0; i < 3000; i++) {
        sent.add(random.nextInt(1500));
      }
      int from = 0;
      while (from < sent.size()) {
        int to = Math.min(sent.size(), from + 1 + random.nextInt(400));
        List<Metric> batch = new ArrayList<>();
        sent.subList(from, to).forEach(i -> batch.add(point(i)));
        client.logBatch(run, batch, List.of(), List.of());
        from = to;
      }
      List<Integer> stored =
          client.getMetricHistory(run, "m").stream().map(m -> (int) m.getStep()).toList();
      assertThat(stored).containsExactlyElementsOf(new TreeSet<>(sent));
      assertThat(client.getRun(run).getData().getMetrics(0).getStep())
          .isEqualTo(Collections.max(sent).longValue());
    }
  }

  private static Metric point(int i) {
    return Metric.newBuilder().setKey("m").setValue(i).setTimestamp(i).setStep(i).build();
  }

  @Test
  void theRowsOfTheFirstVersionBecomeChunks(@TempDir Path folder) throws Exception {
    String url = "jdbc:h2:" + folder.resolve("old");
    Flyway.configure()
        .dataSource(url, "sa", "")
        .schemas("TRACKING")
        .table("tracking_history")
        .locations("classpath:org/voxbench/tracking/server/migration")
        .target("2")
        .load()
        .migrate();
    String run = "0123456789abcdef0123456789abcdef";
    try (Connection connection = DriverManager.getConnection(url, "sa", "");
        Statement statement = connection.createStatement()) {
      statement.execute(
          "INSERT INTO tracking.run (id, experiment_id, name, user_id, status, start_ms, lifecycle)"
              + " VALUES ('"
              + run
              + "', 0, 'old', '', 'FINISHED', 1, 'active')");
      statement.execute(
          "INSERT INTO tracking.series (id, run_id, metric_key, latest_step, latest_ms,"
              + " latest_value) VALUES (7, '"
              + run
              + "', 'm', 2499, 2499, 1)");
      statement.execute(
          "INSERT INTO tracking.point SELECT 7, x - 1, x - 1, 1 FROM SYSTEM_RANGE(1, 2500)");
    }
    try (TestServer server = new TestServer(url, folder.resolve("artifacts"));
        MlflowClient client = new MlflowClient(server.uri().toString())) {
      assertThat(client.getMetricHistory(run, "m")).hasSize(2500);
      client.logMetric(run, "m", 1, 2499, 2499);
      client.logMetric(run, "m", 2, 2500, 2500);
      assertThat(client.getMetricHistory(run, "m")).hasSize(2501);
    }
    JdbcConnectionPool pool = JdbcConnectionPool.create(url, "sa", "");
    assertThat(new TrackingApi(pool, folder.resolve("a"), InstantSource.system())).isNotNull();
    pool.dispose();
  }
}
