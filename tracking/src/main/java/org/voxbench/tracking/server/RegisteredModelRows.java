package org.voxbench.tracking.server;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;

/** Registered models as JSON, read in a fixed number of queries. */
final class RegisteredModelRows {

  private RegisteredModelRows() {}

  /** The models of these names, in this order; unknown ones are left out. */
  static List<ObjectNode> all(Handle handle, List<String> names) {
    Map<String, ObjectNode> rows = new HashMap<>();
    ModelVersionRows.query(
        handle,
        "SELECT * FROM tracking.registered_model WHERE name = ANY(:names)",
        names,
        row -> {
          String description = row.getString("description");
          return rows.put(
              row.getString("name"),
              Json.object()
                  .put("name", row.getString("name"))
                  .put("creation_timestamp", row.getLong("created_ms"))
                  .put("last_updated_timestamp", row.getLong("updated_ms"))
                  .put("description", description == null ? "" : description));
        });
    for (ObjectNode version : latest(handle, names)) {
      ModelVersionRows.list(model(rows, version.path("name").asText()), "latest_versions")
          .add(version);
    }
    addTags(handle, names, rows);
    addAliases(handle, names, rows);
    List<ObjectNode> models = new ArrayList<>();
    for (String name : names) {
      ObjectNode row = rows.get(name);
      if (row != null) {
        models.add(row);
      }
    }
    return models;
  }

  private static void addTags(Handle handle, List<String> names, Map<String, ObjectNode> rows) {
    ModelVersionRows.query(
        handle,
        "SELECT name, tag_key, tag_value FROM tracking.registered_model_tag"
            + " WHERE name = ANY(:names) ORDER BY tag_key",
        names,
        row ->
            ModelVersionRows.list(model(rows, row.getString(1)), "tags")
                .add(Json.keyValue(row.getString(2), row.getString(3))));
  }

  private static void addAliases(Handle handle, List<String> names, Map<String, ObjectNode> rows) {
    ModelVersionRows.query(
        handle,
        "SELECT name, alias, version FROM tracking.model_alias"
            + " WHERE name = ANY(:names) ORDER BY alias",
        names,
        row ->
            ModelVersionRows.list(model(rows, row.getString(1)), "aliases")
                .add(
                    Json.object()
                        .put("alias", row.getString(2))
                        .put("version", Long.toString(row.getLong(3)))));
  }

  private static ObjectNode model(Map<String, ObjectNode> rows, String name) {
    return rows.computeIfAbsent(name, unknown -> Json.object());
  }

  /** The newest version in each stage of these models. */
  static List<ObjectNode> latest(Handle handle, List<String> names) {
    List<ModelVersionRows.Key> keys = new ArrayList<>();
    ModelVersionRows.query(
        handle,
        "SELECT name, MAX(version) FROM tracking.model_version"
            + " WHERE name = ANY(:names) GROUP BY name, stage ORDER BY 1, 2",
        names,
        row -> keys.add(new ModelVersionRows.Key(row.getString(1), row.getLong(2))));
    return ModelVersionRows.all(handle, keys);
  }
}
