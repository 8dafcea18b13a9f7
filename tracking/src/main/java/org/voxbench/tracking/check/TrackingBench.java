package org.voxbench.tracking.check;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.mlflow.api.proto.Service.Metric;
import org.mlflow.api.proto.Service.Param;
import org.mlflow.api.proto.Service.RunTag;
import org.mlflow.tracking.MlflowClient;
import org.voxbench.tracking.Credentials;

/**
 * How fast a tracking server takes and gives, measured with MLflow's own Java client, one call at a
 * time. What it made it deletes at the end.
 */
public final class TrackingBench implements AutoCloseable {

  private static final int RUNS = 1000;
  private static final int POINTS = 100_000;
  private static final int BATCH = 1000;
  private static final int REPEATS = 5;

  private final MlflowClient client;
  private final ApiCaller api;
  private final String experiment;

  public TrackingBench(URI server, Credentials credentials) {
    client = new MlflowClient(credentials.forClient(server.toString().replaceAll("/+$", "")));
    api = new ApiCaller(server, credentials);
    experiment = client.createExperiment("voxbench-bench-" + UUID.randomUUID());
  }

  /** Metrics a second in batches of 1000, ten curves each. */
  public double logBatchMetricsPerSecond(double seconds) {
    String run = client.createRun(experiment).getRunId();
    client.logBatch(run, batch("warm", 0), List.of(), List.of());
    long start = System.nanoTime();
    int batches = 0;
    while (System.nanoTime() - start < seconds * 1e9) {
      client.logBatch(run, batch("curve", batches++), List.of(), List.of());
    }
    return batches * (double) BATCH * 1e9 / (System.nanoTime() - start);
  }

  private static List<Metric> batch(String prefix, int number) {
    List<Metric> points = new ArrayList<>(BATCH);
    for (int i = 0; i < BATCH; i++) {
      long step = number * (BATCH / 10L) + i / 10;
      points.add(point(prefix + i % 10, step));
    }
    return points;
  }

  private static Metric point(String key, long step) {
    return Metric.newBuilder()
        .setKey(key)
        .setValue(Math.sin((double) step))
        .setTimestamp(1_700_000_000_000L + step)
        .setStep(step)
        .build();
  }

  /** Single points a second. */
  public double logMetricCallsPerSecond(double seconds) {
    String run = client.createRun(experiment).getRunId();
    client.logMetric(run, "single", 0, 1_700_000_000_000L, 0);
    long start = System.nanoTime();
    int calls = 0;
    while (System.nanoTime() - start < seconds * 1e9) {
      calls++;
      client.logMetric(run, "single", calls, 1_700_000_000_000L + calls, calls);
    }
    return calls * 1e9 / (System.nanoTime() - start);
  }

  /** Milliseconds of a search that gives 1000 runs of 5 metrics, 5 parameters and a tag; median. */
  public double searchRunsMillis() {
    String many = client.createExperiment("voxbench-bench-" + UUID.randomUUID());
    for (int i = 0; i < RUNS; i++) {
      String run = client.createRun(many).getRunId();
      List<Metric> metrics = new ArrayList<>();
      List<Param> params = new ArrayList<>();
      for (int k = 0; k < 5; k++) {
        metrics.add(point("metric" + k, i));
        params.add(Param.newBuilder().setKey("param" + k).setValue("value" + i).build());
      }
      RunTag tag = RunTag.newBuilder().setKey("tag").setValue("value" + i).build();
      client.logBatch(run, metrics, params, List.of(tag));
    }
    double[] millis = new double[REPEATS];
    for (int i = 0; i < REPEATS; i++) {
      long start = System.nanoTime();
      int found = client.searchRuns(List.of(many), "", null, RUNS).getItems().size();
      millis[i] = (System.nanoTime() - start) / 1e6;
      if (found != RUNS) {
        throw new IllegalStateException("expected " + RUNS + " runs but the search gave " + found);
      }
    }
    client.deleteExperiment(many);
    return median(millis);
  }

  /** Milliseconds to fetch what a plot shows of a curve of 100 000 points; median. */
  public double sampledHistoryMillis() throws IOException {
    String run = client.createRun(experiment).getRunId();
    for (int from = 0; from < POINTS; from += BATCH) {
      List<Metric> points = new ArrayList<>(BATCH);
      for (int i = 0; i < BATCH; i++) {
        points.add(point("long", from + i));
      }
      client.logBatch(run, points, List.of(), List.of());
    }
    String path =
        "metrics/get-history-bulk-interval?run_ids=" + run + "&metric_key=long&max_results=2000";
    double[] millis = new double[REPEATS];
    for (int i = 0; i < REPEATS; i++) {
      long start = System.nanoTime();
      ApiCaller.Answer answer = api.get(path);
      millis[i] = (System.nanoTime() - start) / 1e6;
      int shown = answer.json().path("metrics").size();
      if (answer.status() != 200 || shown < 1000) {
        throw new IOException(
            "expected a sample of at least 1000 points but got HTTP "
                + answer.status()
                + " with "
                + shown);
      }
    }
    return median(millis);
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  @Override
  public void close() {
    client.deleteExperiment(experiment);
    client.close();
  }
}
