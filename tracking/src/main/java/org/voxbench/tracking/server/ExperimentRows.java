package org.voxbench.tracking.server;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;

/** Experiments as JSON, read in two queries whatever their number. */
final class ExperimentRows {

  private ExperimentRows() {}

  static ObjectNode one(Handle handle, long id) {
    List<ObjectNode> found = all(handle, List.of(id));
    if (found.isEmpty()) {
      throw ApiException.missing("No experiment with id " + id + " exists");
    }
    return found.get(0);
  }

  /** The experiments of these ids, in this order; unknown ones are left out. */
  static List<ObjectNode> all(Handle handle, List<Long> ids) {
    Map<Long, ObjectNode> rows = new HashMap<>();
    handle
        .createQuery("SELECT * FROM tracking.experiment WHERE id = ANY(:ids)")
        .bindArray("ids", Long.class, ids)
        .map((row, context) -> rows.put(row.getLong("id"), json(row)))
        .list();
    Map<Long, List<ObjectNode>> tags = new HashMap<>();
    handle
        .createQuery(
            "SELECT experiment_id, tag_key, tag_value FROM tracking.experiment_tag"
                + " WHERE experiment_id = ANY(:ids) ORDER BY tag_key")
        .bindArray("ids", Long.class, ids)
        .map(
            (row, context) ->
                tags.computeIfAbsent(row.getLong(1), id -> new ArrayList<>())
                    .add(Json.keyValue(row.getString(2), row.getString(3))))
        .list();
    List<ObjectNode> experiments = new ArrayList<>();
    for (Long id : ids) {
      ObjectNode row = rows.get(id);
      if (row != null) {
        experiments.add(Json.with(row, "tags", tags.get(id)));
      }
    }
    return experiments;
  }

  private static ObjectNode json(java.sql.ResultSet row) throws java.sql.SQLException {
    String id = Long.toString(row.getLong("id"));
    return Json.object()
        .put("experiment_id", id)
        .put("name", row.getString("name"))
        .put("artifact_location", ArtifactPath.SCHEME + id)
        .put("lifecycle_stage", row.getString("lifecycle"))
        .put("creation_time", row.getLong("created_ms"))
        .put("last_update_time", row.getLong("updated_ms"));
  }
}
