package org.voxbench.tracking.check;

import static org.voxbench.tracking.check.Conformance.expect;
import static org.voxbench.tracking.check.Conformance.expectRefusal;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.mlflow.api.proto.Service.Run;
import org.mlflow.api.proto.Service.RunStatus;
import org.mlflow.tracking.MlflowClient;
import org.mlflow.tracking.Page;

/** The life of a run, its inputs, searches for runs, and requests that are refused. */
final class RunLifecycleChecks {

  private static final String INVALID = "INVALID_PARAMETER_VALUE";

  private final MlflowClient client;
  private final ApiCaller api;
  private final String experiment;
  private final String mark;

  RunLifecycleChecks(MlflowClient client, ApiCaller api, String experiment, String mark) {
    this.client = client;
    this.api = api;
    this.experiment = experiment;
    this.mark = mark;
  }

  void into(Conformance.Table table) {
    lifecycle(table);
    inputs(table);
    searches(table);
    refusals(table);
  }

  private String run() {
    return client.createRun(experiment).getRunId();
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
  }

  private void inputs(Conformance.Table table) {
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
    acceptedFilters(table);
    refusedFilters(table);
    pages(table);
  }

  private void acceptedFilters(Conformance.Table table) {
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
  }

  private void refusedFilters(Conformance.Table table) {
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
  }

  private void pages(Conformance.Table table) {
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
