package org.voxbench.tracking.check;

import static org.voxbench.tracking.check.Conformance.expect;
import static org.voxbench.tracking.check.Conformance.expectRefusal;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.mlflow.api.proto.Service.Metric;
import org.mlflow.api.proto.Service.Param;
import org.mlflow.api.proto.Service.RunTag;
import org.mlflow.tracking.MlflowClient;

/** Experiments, metrics, their histories, and batches. */
final class RunChecks {

  private static final String INVALID = "INVALID_PARAMETER_VALUE";

  private final MlflowClient client;
  private final ApiCaller api;
  private final String experiment;
  private final String mark;

  RunChecks(MlflowClient client, ApiCaller api, String experiment, String mark) {
    this.client = client;
    this.api = api;
    this.experiment = experiment;
    this.mark = mark;
  }

  void into(Conformance.Table table) {
    experiments(table);
    metricValues(table);
    metricSteps(table);
    metricHistories(table);
    largeBatch(table);
    repeatedKeys(table);
    batchLimits(table);
  }

  private String run() {
    return client.createRun(experiment).getRunId();
  }

  private void experiments(Conformance.Table table) {
    table.check(
        "experiments",
        "a second one of the same name is RESOURCE_ALREADY_EXISTS",
        () ->
            expectRefusal(
                api.post("experiments/create", "{\"name\":\"conformance " + mark + "\"}"),
                400,
                "RESOURCE_ALREADY_EXISTS"));
    table.check(
        "experiments",
        "a missing one is RESOURCE_DOES_NOT_EXIST",
        () ->
            expectRefusal(
                api.get("experiments/get-by-name?experiment_name=none" + mark),
                404,
                "RESOURCE_DOES_NOT_EXIST"));
    table.check(
        "experiments",
        "search by name with LIKE finds it",
        () -> {
          String filter = "{\"max_results\":5,\"filter\":\"name LIKE '%" + mark + "'\"}";
          JsonNode found = api.post("experiments/search", filter).json().path("experiments");
          expect(found.size() == 1, found);
        });
    table.check(
        "experiments",
        "search without max_results is refused",
        () -> expectRefusal(api.post("experiments/search", "{}"), 400, INVALID));
    table.check(
        "experiments",
        "tags are set and read back",
        () -> {
          client.setExperimentTag(experiment, "organ", "liver");
          String shown = client.getExperiment(experiment).getTagsList().toString();
          expect(shown.contains("liver"), shown);
        });
  }

  private void metricValues(Conformance.Table table) {
    table.check(
        "metrics",
        "NaN travels unchanged",
        () -> {
          String run = run();
          client.logMetric(run, "nan", Double.NaN, 1, 1);
          double value = client.getMetricHistory(run, "nan").get(0).getValue();
          expect(Double.isNaN(value), value);
        });
    table.check(
        "metrics",
        "identical points are stored once, others of the same step beside them",
        () -> {
          String run = run();
          for (int i = 0; i < 3; i++) {
            client.logMetric(run, "m", 0.5, 7, 1);
          }
          client.logMetric(run, "m", 0.25, 7, 1);
          int points = client.getMetricHistory(run, "m").size();
          expect(points == 2, points + " points");
        });
  }

  private void metricSteps(Conformance.Table table) {
    table.check(
        "metrics",
        "the latest value is that of the highest step",
        () -> {
          String run = run();
          client.logMetric(run, "m", 1, 5, 9);
          client.logMetric(run, "m", 2, 99, 3);
          double value = client.getRun(run).getData().getMetrics(0).getValue();
          expect(value == 1, value);
        });
    table.check(
        "metrics",
        "a history comes by timestamp, then step",
        () -> {
          String run = run();
          client.logMetric(run, "m", 1, 200, 1);
          client.logMetric(run, "m", 1, 100, 5);
          client.logMetric(run, "m", 1, 100, 2);
          List<Long> steps =
              client.getMetricHistory(run, "m").stream().map(Metric::getStep).toList();
          expect(steps.equals(List.of(2L, 5L, 1L)), steps);
        });
    table.check(
        "metrics",
        "a negative step is taken, a negative timestamp refused",
        () -> {
          String run = run();
          client.logMetric(run, "m", 1, 1, -4);
          String body = "{\"run_id\":\"" + run + "\",\"key\":\"m\",\"value\":1,\"timestamp\":-1}";
          expectRefusal(api.post("runs/log-metric", body), 400, INVALID);
        });
  }

  private void metricHistories(Conformance.Table table) {
    table.check(
        "metrics",
        "the history of an unknown key is empty",
        () -> expect(client.getMetricHistory(run(), "none").isEmpty(), "points"));
    table.check(
        "metrics",
        "a long history is sampled for plots",
        () -> {
          String run = run();
          List<Metric> points = new ArrayList<>();
          for (int i = 0; i < 1000; i++) {
            points.add(metric("m", i));
          }
          client.logBatch(run, points, List.of(), List.of());
          String query = "?run_ids=" + run + "&metric_key=m&max_results=100";
          int shown =
              api.get("metrics/get-history-bulk-interval" + query).json().path("metrics").size();
          expect(shown >= 90 && shown <= 110, shown + " points");
        });
  }

  private static Metric metric(String key, long step) {
    return Metric.newBuilder()
        .setKey(key)
        .setValue((double) step)
        .setTimestamp(step)
        .setStep(step)
        .build();
  }

  private static Param param(String key, String value) {
    return Param.newBuilder().setKey(key).setValue(value).build();
  }

  private void largeBatch(Conformance.Table table) {
    table.check(
        "batches",
        "1000 metrics in one request",
        () -> {
          String run = run();
          List<Metric> points = new ArrayList<>();
          for (int i = 0; i < 1000; i++) {
            points.add(metric("m" + i % 4, i));
          }
          client.logBatch(run, points, List.of(), List.of());
          int stored = client.getMetricHistory(run, "m0").size();
          expect(stored == 250, stored);
        });
  }

  private void repeatedKeys(Conformance.Table table) {
    table.check(
        "batches",
        "a changed parameter is refused and nothing of the batch stays",
        () -> {
          String run = run();
          client.logParam(run, "a", "1");
          String body =
              "{\"run_id\":\"%s\",\"metrics\":[{\"key\":\"m\",\"value\":1,\"timestamp\":1}],"
                  + "\"params\":[{\"key\":\"a\",\"value\":\"2\"}]}";
          expectRefusal(api.post("runs/log-batch", body.formatted(run)), 400, INVALID);
          expect(client.getMetricHistory(run, "m").isEmpty(), "a metric");
        });
    table.check(
        "batches",
        "the same parameter value again is fine",
        () -> {
          String run = run();
          client.logBatch(run, List.of(), List.of(param("a", "1")), List.of());
          client.logBatch(run, List.of(), List.of(param("a", "1")), List.of());
        });
    table.check(
        "batches",
        "of two tags of one key the last wins",
        () -> {
          String run = run();
          RunTag.Builder tag = RunTag.newBuilder().setKey("t");
          client.logBatch(
              run,
              List.of(),
              List.of(),
              List.of(tag.setValue("1").build(), tag.setValue("2").build()));
          String shown = client.getRun(run).getData().getTagsList().toString();
          expect(shown.contains("\"2\"") && !shown.contains("\"1\""), shown);
        });
  }

  private void batchLimits(Conformance.Table table) {
    table.check(
        "batches",
        "101 parameters and 1001 metrics are refused",
        () -> {
          StringBuilder params = new StringBuilder();
          StringBuilder metrics = new StringBuilder();
          for (int i = 0; i < 1001; i++) {
            String comma = i == 0 ? "" : ",";
            metrics
                .append(comma)
                .append("{\"key\":\"m\",\"value\":1,\"timestamp\":")
                .append(i)
                .append("}");
            if (i < 101) {
              params.append(comma).append("{\"key\":\"p").append(i).append("\",\"value\":\"\"}");
            }
          }
          String start = "{\"run_id\":\"" + run() + "\",";
          expectRefusal(
              api.post("runs/log-batch", start + "\"params\":[" + params + "]}"), 400, INVALID);
          expectRefusal(
              api.post("runs/log-batch", start + "\"metrics\":[" + metrics + "]}"), 400, INVALID);
        });
    table.check(
        "batches",
        "a parameter of 6001 characters is cut to 6000",
        () -> {
          String run = run();
          client.logParam(run, "long", "x".repeat(6001));
          int length = client.getRun(run).getData().getParams(0).getValue().length();
          expect(length == 6000, length);
        });
  }
}
