package org.voxbench.tracking.check;

import static org.voxbench.tracking.check.Conformance.expect;
import static org.voxbench.tracking.check.Conformance.expectRefusal;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.mlflow.api.proto.Service.Metric;
import org.mlflow.api.proto.Service.Param;
import org.mlflow.api.proto.Service.Run;
import org.mlflow.api.proto.Service.RunStatus;
import org.mlflow.api.proto.Service.RunTag;
import org.mlflow.tracking.MlflowClient;
import org.mlflow.tracking.Page;

/** Experiments, runs, batches, searches and histories. */
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
    metrics(table);
    batches(table);
    lifecycle(table);
    searches(table);
    refusals(table);
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

  private void metrics(Conformance.Table table) {
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

  private void batches(Conformance.Table table) {
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

  private void lifecycle(Conformance.Table table) {
    table.check(
        "runs",
        "a finished run keeps its end and can still be logged to",
        () -> {
          String run = run();
          client.setTerminated(run, RunStatus.FINISHED, 1_700_000_000_000L);
          client.logMetric(run, "late", 1, 1, 1);
          expect(
              client.getRun(run).getInfo().getEndTime() == 1_700_000_000_000L,
              client.getRun(run).getInfo().getEndTime());
        });
    table.check(
        "runs",
        "a deleted run refuses points until it is restored",
        () -> {
          String run = run();
          client.deleteRun(run);
          String body = "{\"run_id\":\"" + run + "\",\"key\":\"m\",\"value\":1,\"timestamp\":1}";
          expectRefusal(api.post("runs/log-metric", body), 400, INVALID);
          client.restoreRun(run);
          client.logMetric(run, "m", 1, 1, 1);
        });
    table.check(
        "runs",
        "an unknown run is RESOURCE_DOES_NOT_EXIST",
        () ->
            expectRefusal(
                api.get("runs/get?run_id=" + "0".repeat(32)), 404, "RESOURCE_DOES_NOT_EXIST"));
    table.check(
        "runs",
        "datasets are logged as inputs",
        () -> {
          String run = run();
          String body =
              "{\"run_id\":\"%s\",\"datasets\":[{\"dataset\":{\"name\":\"ct\",\"digest\":\"d1\","
                  + "\"source_type\":\"local\",\"source\":\"{}\"},\"tags\":[{\"key\":"
                  + "\"mlflow.data.context\",\"value\":\"training\"}]}]}";
          expect(api.post("runs/log-inputs", body.formatted(run)).status() == 200, "a refusal");
          JsonNode inputs =
              api.get("runs/get?run_id=" + run).json().at("/run/inputs/dataset_inputs");
          expect(inputs.at("/0/dataset/name").asText().equals("ct"), inputs);
        });
  }

  private int found(String filter) {
    return client.searchRuns(List.of(experiment), filter, null, 1000).getItems().size();
  }

  private static int count(Page<Run> page) {
    int count = 0;
    for (Run ignored : page.getItems()) {
      count++;
    }
    return count;
  }

  private void searches(Conformance.Table table) {
    String run = run();
    client.logMetric(run, "dice", 0.875, 1, 1);
    client.logParam(run, "net.depth", "4");
    client.setTag(run, "mark", "It's " + mark);
    for (String filter :
        List.of(
            "metrics.dice > 0.87 and metrics.dice < 0.88",
            "params.`net.depth` = '4'",
            "tags.mark LIKE '%" + mark + "'",
            "tags.mark ILIKE 'it%'",
            "attributes.status = 'RUNNING' AND metric.dice >= 0.875",
            "run_id IN ('" + run + "')",
            "params.\"net.depth\" != '5' and metrics.dice != 0")) {
      table.check(
          "search", filter.replace(mark, "..."), () -> expect(found(filter) == 1, found(filter)));
    }
    for (String filter :
        List.of(
            "metrics.dice > 1 OR metrics.dice < 1",
            "metrics.dice LIKE '1'",
            "params.a > 3",
            "metrics.dice = 'x'",
            "nonsense")) {
      String body = "{\"experiment_ids\":[\"%s\"],\"filter\":\"%s\"}";
      table.check(
          "search",
          "refused: " + filter,
          () ->
              expectRefusal(
                  api.post("runs/search", body.formatted(experiment, filter)), 400, INVALID));
    }
    table.check(
        "search",
        "pages follow each other without loss",
        () -> {
          Page<Run> page = client.searchRuns(List.of(experiment), "", null, 2);
          int all = count(page);
          while (page.hasNextPage()) {
            page = page.getNextPage();
            all += count(page);
          }
          expect(all == found(""), all);
        });
  }

  private void refusals(Conformance.Table table) {
    String metric = "{\"run_id\":\"" + run() + "\",\"key\":\"%s\",\"value\":1,\"timestamp\":1}";
    for (String key : List.of("a(b)", "../x", "a//b", "/a", "", "x".repeat(251))) {
      String shown = key.length() > 20 ? key.length() + " characters" : "'" + key + "'";
      table.check(
          "refusals",
          "metric key " + shown,
          () -> expectRefusal(api.post("runs/log-metric", metric.formatted(key)), 400, INVALID));
    }
    table.check(
        "refusals",
        "a page token that is none",
        () ->
            expectRefusal(
                api.post(
                    "runs/search",
                    "{\"experiment_ids\":[\"" + experiment + "\"],\"page_token\":\"x\"}"),
                400,
                INVALID));
  }
}
