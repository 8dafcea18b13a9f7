package org.voxbench.tracking.server;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;

/** Logged models as JSON, read in four queries whatever their number. */
final class LoggedModelRows {

  private LoggedModelRows() {}

  static ApiException unknown(String id) {
    return ApiException.missing("Logged model with ID '" + id + "' not found.");
  }

  static ObjectNode one(Handle handle, String id) {
    List<ObjectNode> found = all(handle, List.of(id));
    if (found.isEmpty()) {
      throw unknown(id);
    }
    return found.get(0);
  }

  static String location(Handle handle, String id) {
    return ArtifactPath.SCHEME + ArtifactPath.ofModel(experiment(handle, id), id);
  }

  static String experiment(Handle handle, String id) {
    return handle
        .createQuery("SELECT experiment_id FROM tracking.logged_model WHERE id = ?")
        .bind(0, id)
        .mapTo(String.class)
        .findOne()
        .orElseThrow(() -> unknown(id));
  }

  /** The models of these ids, in this order; unknown ones are left out. */
  static List<ObjectNode> all(Handle handle, List<String> ids) {
    Map<String, ObjectNode> infos = new HashMap<>();
    Map<String, ObjectNode> data = new HashMap<>();
    ModelVersionRows.query(
        handle,
        "SELECT * FROM tracking.logged_model WHERE id = ANY(:names)",
        ids,
        row -> {
          String id = row.getString("id");
          String experiment = Long.toString(row.getLong("experiment_id"));
          return infos.put(
              id,
              Json.object()
                  .put("model_id", id)
                  .put("experiment_id", experiment)
                  .put("name", row.getString("name"))
                  .put("creation_timestamp_ms", row.getLong("created_ms"))
                  .put("last_updated_timestamp_ms", row.getLong("updated_ms"))
                  .put("artifact_uri", ArtifactPath.SCHEME + ArtifactPath.ofModel(experiment, id))
                  .put("status", row.getString("status"))
                  .put("model_type", row.getString("model_type"))
                  .put("source_run_id", row.getString("source_run_id")));
        });
    pairs(handle, ids, "tag", infos, "tags");
    pairs(handle, ids, "param", data, "params");
    metrics(handle, ids, data);
    List<ObjectNode> models = new ArrayList<>();
    for (String id : ids) {
      ObjectNode info = infos.get(id);
      if (info != null && info.has("model_id")) {
        ObjectNode model = Json.of("info", info);
        model.set("data", data.computeIfAbsent(id, none -> Json.object()));
        models.add(model);
      }
    }
    return models;
  }

  private static void pairs(
      Handle handle, List<String> ids, String kind, Map<String, ObjectNode> rows, String list) {
    ModelVersionRows.query(
        handle,
        "SELECT * FROM tracking.logged_model_"
            + kind
            + " WHERE model_id = ANY(:names) ORDER BY 1, 2",
        ids,
        row ->
            ModelVersionRows.list(rows.computeIfAbsent(row.getString(1), id -> Json.object()), list)
                .add(Json.keyValue(row.getString(2), row.getString(3))));
  }

  private static void metrics(Handle handle, List<String> ids, Map<String, ObjectNode> data) {
    ModelVersionRows.query(
        handle,
        "SELECT model_id, run_id, metric_key, metric_value, at_ms, step"
            + " FROM tracking.logged_model_metric WHERE model_id = ANY(:names)"
            + " ORDER BY 1, 3, step, at_ms",
        ids,
        row ->
            ModelVersionRows.list(
                    data.computeIfAbsent(row.getString(1), id -> Json.object()), "metrics")
                .add(
                    RunRows.metric(
                            row.getString(3), row.getDouble(4), row.getLong(5), row.getLong(6))
                        .put("model_id", row.getString(1))
                        .put("run_id", row.getString(2))));
  }
}
