package org.voxbench.tracking.server;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.jdbi.v3.core.Handle;

/**
 * Deletes for good what was deleted long ago; artifacts go last, so that no row points nowhere. A
 * few owners go in each transaction, so that others write in between, and what they restored
 * meanwhile stays.
 */
final class Collector {

  private static final int AT_ONCE = 20;

  private static final String OLD_RUN =
      "r.lifecycle = 'deleted' AND COALESCE(r.deleted_ms, 0) <= :ms";
  private static final String RUNS =
      "SELECT r.experiment_id, r.id FROM tracking.run r WHERE " + OLD_RUN;
  private static final String EXPERIMENTS =
      "SELECT e.id, '' FROM tracking.experiment e WHERE e.lifecycle = 'deleted' AND"
          + " e.updated_ms <= :ms AND e.id <> 0 AND NOT EXISTS (SELECT 1 FROM tracking.run r"
          + " WHERE r.experiment_id = e.id AND NOT ("
          + OLD_RUN
          + "))";
  private static final String MODELS =
      "SELECT m.experiment_id, m.id FROM tracking.logged_model m LEFT JOIN tracking.run r"
          + " ON r.id = m.source_run_id WHERE ("
          + OLD_RUN
          + ") OR m.experiment_id IN ("
          + EXPERIMENTS.replace("e.id, ''", "e.id")
          + ")";

  private record Owner(String experiment, String id) {

    ArtifactPath folder() {
      return new ArtifactPath(experiment, id, "");
    }
  }

  /** Deletes the rows of one owner. */
  private interface Deletion {
    void delete(Handle handle, Owner owner);
  }

  private final TrackingDatabase database;
  private final ArtifactStore store;
  private final InstantSource clock;

  Collector(TrackingDatabase database, ArtifactStore store, InstantSource clock) {
    this.database = database;
    this.store = store;
    this.clock = clock;
  }

  TrackingApi.Collected collect(Duration age, boolean dryRun) throws IOException {
    long before = clock.millis() - age.toMillis();
    if (dryRun) {
      List<Owner> runs = database.read(handle -> owners(handle, RUNS, before));
      List<Owner> models = database.read(handle -> owners(handle, MODELS, before));
      long bytes = bytes(runs) + bytes(models);
      int experiments = database.read(handle -> owners(handle, EXPERIMENTS, before)).size();
      return new TrackingApi.Collected(runs.size(), experiments, models.size(), bytes);
    }
    Sum models = all(MODELS, before, Collector::deleteModel);
    Sum runs = all(RUNS, before, Collector::deleteRun);
    Sum experiments = all(EXPERIMENTS, before, Collector::deleteExperiment);
    return new TrackingApi.Collected(
        runs.number(), experiments.number(), models.number(), runs.bytes() + models.bytes());
  }

  /** What was deleted. */
  private record Sum(int number, long bytes) {}

  private Sum all(String query, long before, Deletion deletion) throws IOException {
    int number = 0;
    long bytes = 0;
    List<Owner> deleted;
    do {
      deleted = database.write(handle -> some(handle, query, before, deletion));
      bytes += bytes(deleted);
      for (Owner owner : deleted) {
        if (!owner.id().isEmpty()) {
          store.deleteOwner(owner.folder());
        }
      }
      number += deleted.size();
    } while (!deleted.isEmpty());
    return new Sum(number, bytes);
  }

  private static List<Owner> some(Handle handle, String query, long before, Deletion deletion) {
    List<Owner> owners = owners(handle, query + " LIMIT " + AT_ONCE, before);
    owners.forEach(owner -> deletion.delete(handle, owner));
    return owners;
  }

  private static List<Owner> owners(Handle handle, String query, long before) {
    return handle
        .createQuery(query)
        .bind("ms", before)
        .map((row, context) -> new Owner(row.getString(1), row.getString(2)))
        .list();
  }

  private long bytes(List<Owner> owners) throws IOException {
    long bytes = 0;
    for (Owner owner : owners) {
      bytes += owner.id().isEmpty() ? 0 : store.bytes(owner.folder());
    }
    return bytes;
  }

  private static void deleteModel(Handle handle, Owner model) {
    handle.execute("DELETE FROM tracking.logged_model WHERE id = ?", model.id());
  }

  private static void deleteRun(Handle handle, Owner run) {
    handle.execute(
        "DELETE FROM tracking.chunk WHERE series_id IN"
            + " (SELECT id FROM tracking.series WHERE run_id = ?)",
        run.id());
    for (String table : List.of("series", "param", "tag", "input", "run_model")) {
      handle.execute("DELETE FROM tracking." + table + " WHERE run_id = ?", run.id());
    }
    handle.execute("DELETE FROM tracking.run WHERE id = ?", run.id());
  }

  private static void deleteExperiment(Handle handle, Owner experiment) {
    long id = Long.parseLong(experiment.experiment());
    handle.execute("DELETE FROM tracking.experiment_tag WHERE experiment_id = ?", id);
    handle.execute("DELETE FROM tracking.experiment WHERE id = ?", id);
  }
}
