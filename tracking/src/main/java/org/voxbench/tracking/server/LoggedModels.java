package org.voxbench.tracking.server;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.voxbench.tracking.server.SearchSql.Column;

/** The {@code logged-models} endpoints, and {@code runs/outputs} that ties models to runs. */
final class LoggedModels {

  private static final int DEFAULT_PAGE = 100;
  private static final int MAX_PAGE = 1000;

  /** MLflow's states of a logged model. */
  enum Status {
    LOGGED_MODEL_STATUS_UNSPECIFIED,
    LOGGED_MODEL_PENDING,
    LOGGED_MODEL_READY,
    LOGGED_MODEL_UPLOAD_FAILED
  }

  private static final RegistrySearch SEARCH =
      new RegistrySearch(
          "logged_model_tag",
          "t.model_id = m.id",
          Map.ofEntries(
              Map.entry("name", new Column("m.name", false)),
              Map.entry("model_id", new Column("m.id", false)),
              Map.entry("model_type", new Column("m.model_type", false)),
              Map.entry("status", new Column("m.status", false)),
              Map.entry("source_run_id", new Column("m.source_run_id", false)),
              Map.entry("creation_timestamp_ms", new Column("m.created_ms", true)),
              Map.entry("creation_timestamp", new Column("m.created_ms", true)),
              Map.entry("creation_time", new Column("m.created_ms", true)),
              Map.entry("last_updated_timestamp_ms", new Column("m.updated_ms", true)),
              Map.entry("last_updated_timestamp", new Column("m.updated_ms", true))));

  private final TrackingDatabase database;
  private final InstantSource clock;

  LoggedModels(TrackingDatabase database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  ObjectNode create(Payload request) {
    long experiment = Experiments.id(request.text("experiment_id", "0"));
    String id = "m-" + UUID.randomUUID().toString().replace("-", "");
    String given = request.text("name", "");
    String name = given.isEmpty() ? RunName.of(id.substring(2)) : ModelNames.logged(given);
    String run = request.text("source_run_id", "");
    Map<String, String> params = new LinkedHashMap<>();
    for (Payload param : request.list("params")) {
      params.put(
          Names.key("param", param.required("key")),
          Names.cut(param.text("value", ""), Names.MAX_PARAM_VALUE));
    }
    List<RunTag> tags = request.list("tags").stream().map(RunTag::of).toList();
    String type = Names.limited("model_type", request.text("model_type", ""), 500);
    return database.write(
        handle -> {
          Experiments.requireActive(handle, experiment);
          if (!run.isEmpty()) {
            Runs.requireActive(handle, run);
          }
          long now = clock.millis();
          handle.execute(
              "INSERT INTO tracking.logged_model VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
              id,
              experiment,
              name,
              now,
              now,
              Status.LOGGED_MODEL_PENDING.name(),
              type,
              run);
          putParams(handle, id, params);
          putTags(handle, id, tags);
          return Json.of("model", LoggedModelRows.one(handle, id));
        });
  }

  private static void putParams(Handle handle, String id, Map<String, String> params) {
    params.forEach(
        (key, value) ->
            handle.execute(
                "MERGE INTO tracking.logged_model_param KEY (model_id, param_key)"
                    + " VALUES (?, ?, ?)",
                id,
                key,
                value));
  }

  private static void putTags(Handle handle, String id, List<RunTag> tags) {
    for (RunTag tag : tags) {
      handle.execute(
          "MERGE INTO tracking.logged_model_tag KEY (model_id, tag_key) VALUES (?, ?, ?)",
          id,
          tag.key(),
          tag.value());
    }
  }

  ObjectNode get(String id) {
    return database.read(handle -> Json.of("model", LoggedModelRows.one(handle, id)));
  }

  ObjectNode finish(String id, Payload request) {
    Status status =
        Names.choice("status", request.required("status"), Status.LOGGED_MODEL_STATUS_UNSPECIFIED);
    return database.write(
        handle -> {
          handle.execute(
              "UPDATE tracking.logged_model SET status = ?, updated_ms = ? WHERE id = ?",
              status.name(),
              clock.millis(),
              id);
          return Json.of("model", LoggedModelRows.one(handle, id));
        });
  }

  ObjectNode delete(String id) {
    return database.write(
        handle -> {
          if (handle.execute("DELETE FROM tracking.logged_model WHERE id = ?", id) == 0) {
            throw LoggedModelRows.unknown(id);
          }
          return Json.object();
        });
  }

  ObjectNode setTags(String id, Payload request) {
    List<RunTag> tags = request.list("tags").stream().map(RunTag::of).toList();
    return database.write(
        handle -> {
          LoggedModelRows.experiment(handle, id);
          putTags(handle, id, tags);
          return Json.of("model", LoggedModelRows.one(handle, id));
        });
  }

  ObjectNode deleteTag(String id, String key) {
    return database.write(
        handle -> {
          LoggedModelRows.experiment(handle, id);
          handle.execute(
              "DELETE FROM tracking.logged_model_tag WHERE model_id = ? AND tag_key = ?", id, key);
          return Json.object();
        });
  }

  ObjectNode logParams(String id, Payload request) {
    Map<String, String> params = new LinkedHashMap<>();
    for (Payload param : request.list("params")) {
      params.put(
          Names.key("param", param.required("key")),
          Names.cut(param.text("value", ""), Names.MAX_PARAM_VALUE));
    }
    return database.write(
        handle -> {
          LoggedModelRows.experiment(handle, id);
          putParams(handle, id, params);
          return Json.object();
        });
  }

  ObjectNode search(Payload request) {
    PageToken page = PageToken.of(request, DEFAULT_PAGE, MAX_PAGE);
    SearchSql sql =
        new SearchSql("SELECT m.id FROM tracking.logged_model m WHERE m.experiment_id IN (-1");
    for (String id : request.texts("experiment_ids")) {
      sql.add(", ?", Experiments.id(id));
    }
    sql.add(")");
    for (SearchFilter.Comparison comparison : SearchFilter.parse(request.text("filter", ""))) {
      sql.add(" AND ");
      compare(sql, comparison);
    }
    sql.add(" ORDER BY ");
    for (Payload order : request.list("order_by")) {
      SearchField field = SearchField.of(FilterToken.all(order.required("field_name")).get(0));
      String direction = order.truth("ascending", true) ? " ASC" : " DESC";
      sql.add(SEARCH.attribute(field) + direction + ", ");
    }
    sql.add("m.created_ms DESC, m.id" + page.limit());
    return database.read(
        handle -> {
          ObjectNode answer = Json.object();
          List<String> ids = page.cut(sql.list(handle, String.class), answer);
          return Json.with(answer, "models", LoggedModelRows.all(handle, ids));
        });
  }

  private static void compare(SearchSql sql, SearchFilter.Comparison comparison) {
    String key = comparison.field().key();
    switch (comparison.field().entity()) {
      case METRIC -> {
        sql.add(
            "EXISTS (SELECT 1 FROM tracking.logged_model_metric x WHERE x.model_id = m.id"
                + " AND x.metric_key = ? AND x.metric_value <> CAST('NaN' AS DOUBLE PRECISION)"
                + " AND ",
            key);
        sql.compare(new Column("x.metric_value", true), comparison);
        sql.add(")");
      }
      case PARAM -> {
        sql.add(
            "EXISTS (SELECT 1 FROM tracking.logged_model_param x WHERE x.model_id = m.id"
                + " AND x.param_key = ? AND ",
            key);
        sql.compareText("x.param_value", comparison);
        sql.add(")");
      }
      default -> SEARCH.compare(sql, comparison);
    }
  }

  ObjectNode logOutputs(Payload request) {
    String run = request.runId();
    List<Payload> models = request.list("models");
    return database.write(
        handle -> {
          Runs.requireActive(handle, run);
          models.forEach(model -> tie(handle, run, model, true));
          return Json.object();
        });
  }

  /** Ties a model to the run that read or made it. */
  static void tie(Handle handle, String run, Payload model, boolean output) {
    String id = model.required("model_id");
    LoggedModelRows.experiment(handle, id);
    handle.execute(
        "MERGE INTO tracking.run_model KEY (run_id, model_id, is_output) VALUES (?, ?, ?, ?)",
        run,
        id,
        output,
        model.int64("step", 0));
  }
}
