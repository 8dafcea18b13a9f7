package org.voxbench.tracking.server;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * The {@code runs/} endpoints that make, show and change a run; see {@link RunLog} for its data.
 */
final class Runs {

  /** MLflow's run states. */
  enum Status {
    RUNNING,
    SCHEDULED,
    FINISHED,
    FAILED,
    KILLED
  }

  private final TrackingDatabase database;
  private final InstantSource clock;

  Runs(TrackingDatabase database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  ObjectNode create(Payload request) {
    long experiment = Experiments.id(request.text("experiment_id", "0"));
    long start = notNegative("start_time", request.int64("start_time", clock.millis()));
    Map<String, String> tags = new LinkedHashMap<>();
    for (Payload tag : request.list("tags")) {
      RunTag checked = RunTag.of(tag);
      tags.put(checked.key(), checked.value());
    }
    String id = UUID.randomUUID().toString().replace("-", "");
    String name = name(request.text("run_name"), tags.get(RunTag.NAME), id);
    tags.put(RunTag.NAME, name);
    String user = Names.limited("user_id", request.text("user_id", ""), 256);
    return database.write(
        handle -> {
          Experiments.requireActive(handle, experiment);
          handle.execute(
              "INSERT INTO tracking.run"
                  + " (id, experiment_id, name, user_id, status, start_ms, lifecycle)"
                  + " VALUES (?, ?, ?, ?, 'RUNNING', ?, 'active')",
              id,
              experiment,
              name,
              user,
              start);
          tags.forEach((key, value) -> new RunTag(key, value).write(handle, id));
          return Json.of("run", RunRows.one(handle, id));
        });
  }

  private static String name(@Nullable String given, @Nullable String tagged, String id) {
    if (given == null || given.isEmpty()) {
      return tagged == null ? RunName.of(id) : tagged;
    }
    if (tagged != null && !tagged.equals(given)) {
      throw ApiException.invalid(
          "Both run_name '"
              + given
              + "' and the tag "
              + RunTag.NAME
              + " '"
              + tagged
              + "' are given and differ: give one of them");
    }
    return Names.limited("run_name", given, Names.MAX_TAG_VALUE);
  }

  ObjectNode get(Payload request) {
    String id = request.runId();
    return database.read(handle -> Json.of("run", RunRows.one(handle, id)));
  }

  ObjectNode update(Payload request) {
    String id = request.runId();
    Status status =
        request.has("status")
            ? Names.choice("status", request.text("status"), Status.RUNNING)
            : null;
    Long end = request.int64("end_time");
    String name = request.text("run_name", "");
    return database.write(
        handle -> {
          requireActive(handle, id);
          if (status != null) {
            handle.execute("UPDATE tracking.run SET status = ? WHERE id = ?", status.name(), id);
          }
          if (end != null) {
            handle.execute(
                "UPDATE tracking.run SET end_ms = ? WHERE id = ?",
                notNegative("end_time", end),
                id);
          }
          if (!name.isEmpty()) {
            new RunTag(RunTag.NAME, Names.limited("run_name", name, Names.MAX_TAG_VALUE))
                .write(handle, id);
          }
          return Json.of("run_info", RunRows.one(handle, id).get("info"));
        });
  }

  private static long notNegative(String field, long millis) {
    if (millis < 0) {
      throw ApiException.invalid(
          "Invalid value for parameter '"
              + field
              + "': expected milliseconds since 1970, at least 0, but found "
              + millis);
    }
    return millis;
  }

  ObjectNode delete(Payload request) {
    return lifecycle(request, "deleted");
  }

  ObjectNode restore(Payload request) {
    return lifecycle(request, "active");
  }

  private ObjectNode lifecycle(Payload request, String lifecycle) {
    String id = request.runId();
    return database.write(
        handle -> {
          // A run deleted twice keeps its first date.
          int changed =
              handle.execute(
                  "UPDATE tracking.run SET lifecycle = ?, deleted_ms ="
                      + " CASE WHEN ? = 'deleted' THEN COALESCE(deleted_ms, ?) END WHERE id = ?",
                  lifecycle,
                  lifecycle,
                  clock.millis(),
                  id);
          if (changed == 0) {
            throw RunRows.unknown(id);
          }
          return Json.object();
        });
  }

  /** Refuses an unknown run and a deleted one; a finished run may still be written to. */
  static void requireActive(Handle handle, String id) {
    String lifecycle =
        handle
            .createQuery("SELECT lifecycle FROM tracking.run WHERE id = ?")
            .bind(0, id)
            .mapTo(String.class)
            .findOne()
            .orElseThrow(() -> RunRows.unknown(id));
    if (!lifecycle.equals("active")) {
      throw ApiException.invalid(
          "The run " + id + " must be in the 'active' state; restore it first");
    }
  }
}
