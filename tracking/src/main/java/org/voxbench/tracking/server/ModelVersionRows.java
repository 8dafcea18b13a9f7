package org.voxbench.tracking.server;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;

/** Model versions as JSON, read in three queries whatever their number. */
final class ModelVersionRows {

  private ModelVersionRows() {}

  /**
   * A version's name.
   *
   * @param model the registered model
   */
  record Key(String model, long version) {}

  static ApiException unknown(String model, Object version) {
    return ApiException.missing(
        "Model Version (name=" + model + ", version=" + version + ") not found");
  }

  static ObjectNode one(Handle handle, String model, long version) {
    List<ObjectNode> found = all(handle, List.of(new Key(model, version)));
    if (found.isEmpty()) {
      throw unknown(model, version);
    }
    return found.get(0);
  }

  static String location(Handle handle, String model, long version) {
    return handle
        .createQuery("SELECT location FROM tracking.model_version WHERE name = ? AND version = ?")
        .bind(0, model)
        .bind(1, version)
        .mapTo(String.class)
        .findOne()
        .orElseThrow(() -> unknown(model, version));
  }

  /** These versions in this order; unknown ones are left out. */
  static List<ObjectNode> all(Handle handle, List<Key> keys) {
    Collection<String> models = keys.stream().map(Key::model).distinct().toList();
    Map<Key, ObjectNode> rows = new HashMap<>();
    query(
        handle,
        "SELECT * FROM tracking.model_version WHERE name = ANY(:names)",
        models,
        row -> rows.put(key(row), json(row)));
    query(
        handle,
        "SELECT name, version, tag_key, tag_value FROM tracking.model_version_tag"
            + " WHERE name = ANY(:names) ORDER BY tag_key",
        models,
        row -> {
          ObjectNode version = rows.get(key(row));
          return version == null
              ? ""
              : list(version, "tags").add(Json.keyValue(row.getString(3), row.getString(4)));
        });
    query(
        handle,
        "SELECT name, version, alias FROM tracking.model_alias WHERE name = ANY(:names) ORDER BY"
            + " alias",
        models,
        row -> {
          ObjectNode version = rows.get(key(row));
          return version == null ? "" : list(version, "aliases").add(row.getString(3));
        });
    List<ObjectNode> versions = new ArrayList<>();
    for (Key key : keys) {
      ObjectNode row = rows.get(key);
      if (row != null) {
        versions.add(row);
      }
    }
    return versions;
  }

  /** Reads one row. */
  interface Row {
    Object read(ResultSet row) throws SQLException;
  }

  static void query(Handle handle, String sql, Collection<String> names, Row read) {
    handle
        .createQuery(sql)
        .bindArray("names", String.class, names)
        .map((row, context) -> String.valueOf(read.read(row)))
        .list();
  }

  static ArrayNode list(ObjectNode object, String name) {
    return object.withArray(name);
  }

  private static Key key(ResultSet row) throws SQLException {
    return new Key(row.getString("name"), row.getLong("version"));
  }

  private static ObjectNode json(ResultSet row) throws SQLException {
    ObjectNode version =
        Json.object()
            .put("name", row.getString("name"))
            .put("version", Long.toString(row.getLong("version")))
            .put("creation_timestamp", row.getLong("created_ms"))
            .put("last_updated_timestamp", row.getLong("updated_ms"))
            .put("current_stage", row.getString("stage"))
            .put("source", row.getString("source"))
            .put("run_id", row.getString("run_id"))
            .put("run_link", row.getString("run_link"))
            .put("status", "READY");
    String description = row.getString("description");
    version.put("description", description == null ? "" : description);
    String model = row.getString("model_id");
    return model.isEmpty() ? version : version.put("model_id", model);
  }
}
