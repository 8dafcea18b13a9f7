package org.voxbench.tracking.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Runs as JSON, read in five queries whatever their number. */
final class RunRows {

  private RunRows() {}

  static ObjectNode one(Handle handle, String id) {
    List<ObjectNode> found = all(handle, List.of(id));
    if (found.isEmpty()) {
      throw unknown(id);
    }
    return found.get(0);
  }

  static ApiException unknown(String id) {
    return ApiException.missing("Run with id=" + id + " not found");
  }

  /** The runs of these ids, in this order; unknown ones are left out. */
  static List<ObjectNode> all(Handle handle, List<String> ids) {
    Map<String, List<ObjectNode>> infos =
        grouped(
            handle,
            ids,
            "id, experiment_id, name, user_id, status, start_ms, end_ms, lifecycle",
            "run");
    Map<String, List<ObjectNode>> metrics =
        grouped(handle, ids, "run_id, metric_key, latest_value, latest_ms, latest_step", "series");
    Map<String, List<ObjectNode>> params =
        grouped(handle, ids, "run_id, param_key, param_value", "param");
    Map<String, List<ObjectNode>> tags = grouped(handle, ids, "run_id, tag_key, tag_value", "tag");
    Map<String, List<ObjectNode>> inputs = grouped(handle, ids, "run_id, dataset, tags", "input");
    Map<String, List<ObjectNode>> models =
        grouped(handle, ids, "run_id, model_id, is_output, step", "run_model");
    List<ObjectNode> runs = new ArrayList<>();
    for (String id : ids) {
      @Nullable List<ObjectNode> info = infos.get(id);
      if (info != null) {
        ObjectNode data = Json.object();
        Json.with(data, "metrics", metrics.get(id));
        Json.with(data, "params", params.get(id));
        Json.with(data, "tags", tags.get(id));
        ObjectNode run = Json.of("info", info.get(0));
        run.set("data", data);
        ObjectNode read = Json.with(Json.object(), "dataset_inputs", inputs.get(id));
        run.set("inputs", Json.with(read, "model_inputs", models(models.get(id), false)));
        run.set("outputs", Json.with(Json.object(), "model_outputs", models(models.get(id), true)));
        runs.add(run);
      }
    }
    return runs;
  }

  private static @Nullable List<ObjectNode> models(
      @Nullable List<ObjectNode> models, boolean output) {
    return models == null
        ? null
        : models.stream().filter(model -> model.has("step") == output).toList();
  }

  private static Map<String, List<ObjectNode>> grouped(
      Handle handle, List<String> ids, String columns, String table) {
    String id = columns.substring(0, columns.indexOf(','));
    Map<String, List<ObjectNode>> groups = new HashMap<>();
    handle
        .createQuery(
            "SELECT "
                + columns
                + " FROM tracking."
                + table
                + " WHERE "
                + id
                + " = ANY(:ids)"
                + " ORDER BY 1, 2")
        .bindArray("ids", String.class, ids)
        .map(
            (row, context) ->
                groups
                    .computeIfAbsent(row.getString(1), run -> new ArrayList<>())
                    .add(json(table, row)))
        .list();
    return groups;
  }

  private static ObjectNode json(String table, ResultSet row) throws SQLException {
    return switch (table) {
      case "run" -> info(row);
      case "series" -> metric(row.getString(2), row.getDouble(3), row.getLong(4), row.getLong(5));
      case "input" -> input(row);
      case "run_model" -> model(row);
      default -> Json.keyValue(row.getString(2), row.getString(3));
    };
  }

  static ObjectNode metric(String key, double value, long timestamp, long step) {
    return Json.object()
        .put("key", key)
        .put("value", value)
        .put("timestamp", timestamp)
        .put("step", step);
  }

  // A model that a run read has no step.
  private static ObjectNode model(ResultSet row) throws SQLException {
    ObjectNode model = Json.object().put("model_id", row.getString(2));
    return row.getBoolean(3) ? model.put("step", row.getLong(4)) : model;
  }

  private static ObjectNode input(ResultSet row) throws SQLException {
    try {
      ObjectNode input = Json.object();
      JsonNode tags = Payload.MAPPER.readTree(row.getString(3));
      if (!tags.isEmpty()) {
        input.set("tags", tags);
      }
      input.set("dataset", Payload.MAPPER.readTree(row.getString(2)));
      return input;
    } catch (JsonProcessingException unreadable) {
      throw new SQLException("a stored input is not JSON", unreadable);
    }
  }

  private static ObjectNode info(ResultSet row) throws SQLException {
    String id = row.getString("id");
    String experiment = Long.toString(row.getLong("experiment_id"));
    ObjectNode info =
        Json.object()
            .put("run_id", id)
            .put("run_uuid", id)
            .put("experiment_id", experiment)
            .put("run_name", row.getString("name"))
            .put("user_id", row.getString("user_id"))
            .put("status", row.getString("status"))
            .put("artifact_uri", ArtifactPath.SCHEME + ArtifactPath.ofRun(experiment, id))
            .put("lifecycle_stage", row.getString("lifecycle"));
    Json.putIfPresent(info, "start_time", row.getObject("start_ms", Long.class));
    Json.putIfPresent(info, "end_time", row.getObject("end_ms", Long.class));
    return info;
  }
}
