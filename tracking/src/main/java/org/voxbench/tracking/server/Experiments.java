package org.voxbench.tracking.server;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The {@code experiments/} endpoints but search. */
final class Experiments {

  private final TrackingDatabase database;
  private final InstantSource clock;

  Experiments(TrackingDatabase database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  ObjectNode create(Payload request) {
    String name = Names.experiment(request.required("name"));
    String location = request.text("artifact_location", "");
    if (!location.isEmpty()) {
      throw ApiException.invalid(
          "This server chooses where artifacts are kept: leave artifact_location away (found '"
              + location
              + "')");
    }
    Map<String, String> tags = tags(request);
    return database.write(
        handle -> {
          refuseTakenName(handle, name);
          long now = clock.millis();
          long id =
              handle
                  .createUpdate(
                      "INSERT INTO tracking.experiment (name, lifecycle, created_ms, updated_ms)"
                          + " VALUES (?, 'active', ?, ?)")
                  .bind(0, name)
                  .bind(1, now)
                  .bind(2, now)
                  .executeAndReturnGeneratedKeys("id")
                  .mapTo(Long.class)
                  .one();
          tags.forEach((key, value) -> putTag(handle, id, key, value));
          return Json.object().put("experiment_id", Long.toString(id));
        });
  }

  private static Map<String, String> tags(Payload request) {
    Map<String, String> tags = new LinkedHashMap<>();
    for (Payload tag : request.list("tags")) {
      tags.put(Names.key("experiment tag", tag.required("key")), tagValue(tag));
    }
    return tags;
  }

  private static String tagValue(Payload tag) {
    return Names.limited(
        "experiment tag value", tag.text("value", ""), Names.MAX_EXPERIMENT_TAG_VALUE);
  }

  ObjectNode get(Payload request) {
    long id = id(request.required("experiment_id"));
    return database.read(handle -> Json.of("experiment", ExperimentRows.one(handle, id)));
  }

  ObjectNode getByName(Payload request) {
    String name = request.required("experiment_name");
    return database.read(
        handle -> {
          long id =
              find(handle, name)
                  .orElseThrow(
                      () -> ApiException.missing("Could not find experiment with name " + name));
          return Json.of("experiment", ExperimentRows.one(handle, id));
        });
  }

  ObjectNode delete(Payload request) {
    return lifecycle(request, "active", "deleted");
  }

  ObjectNode restore(Payload request) {
    return lifecycle(request, "deleted", "active");
  }

  /** Takes the experiment and all its runs along, as MLflow does. */
  private ObjectNode lifecycle(Payload request, String from, String to) {
    long id = id(request.required("experiment_id"));
    return database.write(
        handle -> {
          int changed =
              handle.execute(
                  "UPDATE tracking.experiment SET lifecycle = ?, updated_ms = ?"
                      + " WHERE id = ? AND lifecycle = ?",
                  to,
                  clock.millis(),
                  id,
                  from);
          if (changed == 0) {
            throw ApiException.missing("No " + from + " experiment with id " + id + " exists");
          }
          handle.execute(
              "UPDATE tracking.run SET lifecycle = ?, deleted_ms ="
                  + " CASE WHEN ? = 'deleted' THEN COALESCE(deleted_ms, ?) END"
                  + " WHERE experiment_id = ?",
              to,
              to,
              clock.millis(),
              id);
          return Json.object();
        });
  }

  ObjectNode update(Payload request) {
    long id = id(request.required("experiment_id"));
    String name = Names.experiment(request.required("new_name"));
    return database.write(
        handle -> {
          requireActive(handle, id);
          if (find(handle, name).filter(owner -> owner == id).isEmpty()) {
            refuseTakenName(handle, name);
          }
          handle.execute(
              "UPDATE tracking.experiment SET name = ?, updated_ms = ? WHERE id = ?",
              name,
              clock.millis(),
              id);
          return Json.object();
        });
  }

  ObjectNode setTag(Payload request) {
    long id = id(request.required("experiment_id"));
    String key = Names.key("experiment tag", request.required("key"));
    String value = tagValue(request);
    return database.write(
        handle -> {
          requireActive(handle, id);
          putTag(handle, id, key, value);
          return Json.object();
        });
  }

  private static void putTag(Handle handle, long id, String key, String value) {
    handle.execute(
        "MERGE INTO tracking.experiment_tag KEY (experiment_id, tag_key) VALUES (?, ?, ?)",
        id,
        key,
        value);
  }

  private static void refuseTakenName(Handle handle, String name) {
    find(handle, name)
        .ifPresent(
            id -> {
              throw ApiException.exists(
                  "Experiment '"
                      + name
                      + "' already exists (id "
                      + id
                      + "); a deleted experiment keeps its name until it is renamed");
            });
  }

  private static Optional<Long> find(Handle handle, String name) {
    return handle
        .createQuery("SELECT id FROM tracking.experiment WHERE name = ?")
        .bind(0, name)
        .mapTo(Long.class)
        .findOne();
  }

  /** Experiment ids travel as strings of digits. */
  static long id(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException notANumber) {
      throw ApiException.missing("No experiment with id '" + text + "' exists");
    }
  }

  static void requireActive(Handle handle, long id) {
    @Nullable String lifecycle =
        handle
            .createQuery("SELECT lifecycle FROM tracking.experiment WHERE id = ?")
            .bind(0, id)
            .mapTo(String.class)
            .findOne()
            .orElse(null);
    if (lifecycle == null) {
      throw ApiException.missing("No experiment with id " + id + " exists");
    }
    if (!lifecycle.equals("active")) {
      throw ApiException.invalid(
          "The experiment " + id + " must be in the 'active' state; restore it first");
    }
  }
}
