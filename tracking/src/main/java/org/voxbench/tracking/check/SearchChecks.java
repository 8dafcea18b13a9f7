package org.voxbench.tracking.check;

import static org.voxbench.tracking.check.Conformance.expect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.mlflow.tracking.MlflowClient;

/** The filter language and the orders of {@code runs/search}, over three runs named a, b and c. */
final class SearchChecks {

  /** Filters and the runs they find, the latest start first. */
  private static final Map<String, String> FINDS = new LinkedHashMap<>();

  /** Orders and the runs in them. */
  private static final Map<String, String> ORDERS = new LinkedHashMap<>();

  private static final List<String> REFUSED =
      List.of(
          "metrics.m > 0.1 OR metrics.m < 0",
          "NOT metrics.m > 0.1",
          "(metrics.m > 0.1)",
          "metrics.m BETWEEN 0 AND 1",
          "metrics.m = 'x'",
          "params.p = 5",
          "params.p > 'x'",
          "tags.t = ",
          "start_time = 'now'",
          "none.k = 'x'",
          "unknown = 'x'",
          "params.p = 'x",
          "status");

  static {
    FINDS.put("", "cba");
    FINDS.put("metrics.m > 0.3", "ba");
    FINDS.put("metrics.m >= 5e-1 AND metrics.m <= .5", "a");
    FINDS.put("metrics.m != 0.5", "b");
    FINDS.put("metric.m < -1", "");
    FINDS.put("metrics.`val loss` = 2", "a");
    FINDS.put("metrics.\"val loss\" = 2", "a");
    FINDS.put("params.p = 'small_x'", "a");
    FINDS.put("params.p = \"small_x\"", "a");
    FINDS.put("param.p != 'small_x'", "b");
    FINDS.put("parameters.p LIKE 'small%'", "a");
    FINDS.put("params.p ILIKE 'small%'", "ba");
    FINDS.put("params.p like '%_x'", "ba");
    FINDS.put("params.p IS NULL", "c");
    FINDS.put("params.p IS NOT NULL", "ba");
    FINDS.put("params.`a.b c` = 'dotted'", "a");
    FINDS.put("params.a.b = 'dots'", "a");
    FINDS.put("tags.t = 'v' and tags.`u w` = 'x'", "b");
    FINDS.put("tag.t != 'v'", "a");
    FINDS.put("tags.t IS NULL", "c");
    FINDS.put("tags.mlflow.runName = 'c'", "c");
    FINDS.put("attributes.start_time >= 2000", "cb");
    FINDS.put("attr.created < 2000", "a");
    FINDS.put("run.status = 'RUNNING'", "cba");
    FINDS.put("attributes.status != 'RUNNING'", "");
    FINDS.put("run_name = 'b'", "b");
    FINDS.put("run_name LIKE 'B'", "");
    FINDS.put("run_name ILIKE 'B'", "b");
    FINDS.put("user_id = 'ann' AND end_time > 1", "");
    FINDS.put("dataset.name = 'ct'", "b");
    FINDS.put("datasets.digest LIKE 'd%'", "b");
    FINDS.put("dataset.context IN ('train', 'test')", "b");
    ORDERS.put("metrics.m ASC", "abc");
    ORDERS.put("metrics.m DESC", "bac");
    ORDERS.put("metrics.m", "abc");
    ORDERS.put("metrics.`odd`", "acb");
    ORDERS.put("metrics.odd DESC", "cab");
    ORDERS.put("params.p ASC", "bac");
    ORDERS.put("params.`p` DESC", "abc");
    ORDERS.put("tags.t DESC", "bac");
    ORDERS.put("attributes.start_time ASC", "abc");
    ORDERS.put("start_time DESC", "cba");
    ORDERS.put("attributes.run_name ASC", "abc");
    ORDERS.put("metrics.none DESC", "cba");
  }

  private final MlflowClient client;
  private final ApiCaller api;
  private final String experiment;

  SearchChecks(MlflowClient client, ApiCaller api, String mark) {
    this.client = client;
    this.api = api;
    this.experiment = client.createExperiment("conformance search " + mark);
  }

  void into(Conformance.Table table) throws IOException {
    String ids = make();
    FINDS.forEach(
        (filter, runs) ->
            table.check(
                "filters",
                filter.isEmpty() ? "none: all, the latest first" : filter,
                () -> expect(names(filter).equals(runs), names(filter) + " instead of " + runs)));
    String first = ids.substring(0, 32);
    table.check(
        "filters",
        "run_id IN (..) and NOT IN (..)",
        () -> {
          String in = names("run_id IN ('" + first + "', 'x')");
          String out = names("attributes.run_id NOT IN ('" + first + "')");
          expect(in.equals("a") && out.equals("cb"), in + " and " + out);
        });
    ORDERS.forEach(
        (order, runs) ->
            table.check(
                "orders",
                order,
                () -> {
                  String found = names(search("", 100, order));
                  expect(found.equals(runs), found + " instead of " + runs);
                }));
    refusals(table);
    pages(table);
    client.deleteExperiment(experiment);
  }

  private void refusals(Conformance.Table table) {
    for (String filter : REFUSED) {
      table.check(
          "filters",
          "refused: " + filter,
          () -> {
            ApiCaller.Answer answer = api.post("runs/search", body(filter, 10, ""));
            Conformance.expectRefusal(answer, 400, "INVALID_PARAMETER_VALUE");
          });
    }
  }

  private void pages(Conformance.Table table) {
    table.check(
        "pages",
        "one by one they give all, and the last has no token",
        () -> {
          List<String> seen = new ArrayList<>();
          String token = "";
          do {
            ObjectNode body = (ObjectNode) ApiCaller.JSON.readTree(body("", 1, ""));
            JsonNode page =
                api.post("runs/search", body.put("page_token", token).toString()).json();
            seen.add(names(page));
            token = page.path("next_page_token").asText("");
          } while (!token.isEmpty() && seen.size() < 9);
          expect(seen.equals(List.of("c", "b", "a")), seen);
        });
    for (String size : List.of("0", "50001", "-1")) {
      table.check(
          "pages",
          "max_results " + size + " is refused",
          () ->
              Conformance.expectRefusal(
                  api.post("runs/search", "{\"max_results\":" + size + "}"),
                  400,
                  "INVALID_PARAMETER_VALUE"));
    }
    table.check(
        "pages",
        "a token that is none is refused",
        () ->
            Conformance.expectRefusal(
                api.post("runs/search", "{\"page_token\":\"no token\"}"),
                400,
                "INVALID_PARAMETER_VALUE"));
  }

  /** The ids of a, b and c, one behind the other. */
  private String make() throws IOException {
    StringBuilder ids = new StringBuilder();
    String[] names = {"a", "b", "c"};
    for (int i = 0; i < names.length; i++) {
      String body =
          "{\"experiment_id\":\"%s\",\"run_name\":\"%s\",\"user_id\":\"ann\",\"start_time\":%d}";
      ids.append(
          api.post("runs/create", body.formatted(experiment, names[i], 1000 * (i + 1)))
              .json()
              .at("/run/info/run_id")
              .asText());
    }
    String a = ids.substring(0, 32);
    String b = ids.substring(32, 64);
    client.logMetric(a, "m", 0.5);
    client.logMetric(b, "m", 0.75);
    client.logMetric(a, "val loss", 2);
    client.logMetric(a, "odd", 1);
    client.logMetric(b, "odd", Double.NaN);
    client.logMetric(ids.substring(64), "odd", 2);
    client.logParam(a, "p", "small_x");
    client.logParam(b, "p", "SMALL%x");
    client.logParam(a, "a.b c", "dotted");
    client.logParam(a, "a.b", "dots");
    client.setTag(a, "t", "");
    client.setTag(b, "t", "v");
    client.setTag(b, "u w", "x");
    api.post(
        "runs/log-inputs",
        "{\"run_id\":\""
            + b
            + "\",\"datasets\":[{\"tags\":[{\"key\":\"mlflow.data.context\",\"value\":\"train\"}],"
            + "\"dataset\":{\"name\":\"ct\",\"digest\":\"d1\",\"source_type\":\"local\",\"source\":\"{}\"}}]}");
    return ids.toString();
  }

  private String body(String filter, int size, String order) {
    ObjectNode body = ApiCaller.JSON.createObjectNode().put("filter", filter);
    body.putArray("experiment_ids").add(experiment);
    if (!order.isEmpty()) {
      body.putArray("order_by").add(order);
    }
    return body.put("max_results", size).toString();
  }

  private JsonNode search(String filter, int size, String order) throws IOException {
    ApiCaller.Answer answer = api.post("runs/search", body(filter, size, order));
    if (answer.status() != 200) {
      throw new IOException("HTTP " + answer.status() + " " + answer.body().strip());
    }
    return answer.json();
  }

  private String names(String filter) throws IOException {
    return names(search(filter, 100, ""));
  }

  private static String names(JsonNode page) {
    StringBuilder names = new StringBuilder();
    page.path("runs").forEach(run -> names.append(run.at("/info/run_name").asText()));
    return names.toString();
  }
}
