package org.voxbench.tracking.server;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.mlflow.api.proto.Service.Metric;
import org.mlflow.tracking.MlflowClient;

/**
 * How many metrics a second the embedded server takes from one MLflow Java client that logs batches
 * of 1000, on a database in a file. Run by hand with the folder of the database and optionally the
 * number of batches. Shown per second of wall time and per second of processor time of all threads
 * but the client's, as a busy machine spoils the first and not the second.
 */
final class IngestBench {

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private IngestBench() {}

  public static void main(String[] arguments) throws IOException {
    Path folder = Files.createDirectories(Path.of(arguments[0]));
    int batches = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 100;
    String database = "jdbc:h2:" + folder.resolve("tracking").toAbsolutePath();
    try (TestServer server = new TestServer(database, folder.resolve("artifacts"));
        MlflowClient client = new MlflowClient(server.uri().toString())) {
      String run = client.createRun().getRunId();
      log(client, run, "warm", batches / 4);
      measure("forward", client, run, batches);
      measure("forward", client, run, batches);
      single(client, run);
    }
  }

  private static void measure(String what, MlflowClient client, String run, int batches) {
    long wall = System.nanoTime();
    long cpu = serverNanos();
    log(client, run, what + wall, batches);
    long points = 1000L * batches;
    System.out.printf(
        "%s: %.0f metrics/s wall, %.0f metrics/s of server processor time%n",
        what, points * 1e9 / (System.nanoTime() - wall), points * 1e9 / (serverNanos() - cpu));
  }

  private static void single(MlflowClient client, String run) {
    long wall = System.nanoTime();
    long cpu = serverNanos();
    for (int i = 0; i < 300; i++) {
      client.logMetric(run, "single", i, i, i);
    }
    System.out.printf(
        "single: %.0f calls/s wall, %.0f calls/s of server processor time%n",
        300e9 / (System.nanoTime() - wall), 300e9 / (serverNanos() - cpu));
  }

  private static void log(MlflowClient client, String run, String prefix, int batches) {
    for (int batch = 0; batch < batches; batch++) {
      List<Metric> points = new ArrayList<>();
      for (int i = 0; i < 1000; i++) {
        points.add(
            Metric.newBuilder()
                .setKey(prefix + i % 10)
                .setValue(Math.sin(i))
                .setTimestamp(1_700_000_000_000L + batch * 1000L + i)
                .setStep(batch * 100L + i / 10)
                .build());
      }
      client.logBatch(run, points, List.of(), List.of());
    }
  }

  // The client works on the calling thread.
  private static long serverNanos() {
    long own = Thread.currentThread().getId();
    return LongStream.of(THREADS.getAllThreadIds())
        .filter(id -> id != own)
        .map(THREADS::getThreadCpuTime)
        .filter(nanos -> nanos > 0)
        .sum();
  }
}
