package org.voxbench.tracking.server;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** Deletes for good what was deleted long ago; artifacts go last, so that no row points nowhere. */
final class Collector {

  private record Owner(String experiment, String id) {

    ArtifactPath folder() {
      return new ArtifactPath(experiment, id, "");
    }
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
    List<Owner> runs =
        owners(
            "SELECT experiment_id, id FROM tracking.run"
                + " WHERE lifecycle = 'deleted' AND COALESCE(deleted_ms, 0) <= ?",
            before);
    List<Owner> experiments =
        owners(
            "SELECT e.id, '' FROM tracking.experiment e WHERE e.lifecycle = 'deleted' AND"
                + " e.updated_ms <= ? AND e.id <> 0 AND NOT EXISTS (SELECT 1 FROM tracking.run r"
                + " WHERE r.experiment_id = e.id AND (r.lifecycle = 'active' OR r.deleted_ms > "
                + before
                + "))",
            before);
    List<Owner> models =
        owners(
            "SELECT m.experiment_id, m.id FROM tracking.logged_model m JOIN tracking.run r"
                + " ON r.id = m.source_run_id"
                + " WHERE r.lifecycle = 'deleted' AND COALESCE(r.deleted_ms, 0) <= ?",
            before);
    long bytes = 0;
    for (List<Owner> owners : List.of(runs, models)) {
      for (Owner owner : owners) {
        bytes += store.bytes(owner.folder());
      }
    }
    if (!dryRun) {
      database.write(handle -> delete(handle, runs, models, experiments));
      for (List<Owner> owners : List.of(runs, models)) {
        for (Owner owner : owners) {
          store.deleteOwner(owner.folder());
        }
      }
    }
    return new TrackingApi.Collected(runs.size(), experiments.size(), models.size(), bytes);
  }

  private List<Owner> owners(String sql, long before) {
    return database.read(
        handle ->
            handle
                .createQuery(sql)
                .bind(0, before)
                .map((row, context) -> new Owner(row.getString(1), row.getString(2)))
                .list());
  }

  private static int delete(
      Handle handle, List<Owner> runs, List<Owner> models, List<Owner> experiments) {
    for (Owner model : models) {
      handle.execute("DELETE FROM tracking.logged_model WHERE id = ?", model.id());
    }
    for (Owner run : runs) {
      handle.execute(
          "DELETE FROM tracking.chunk WHERE series_id IN"
              + " (SELECT id FROM tracking.series WHERE run_id = ?)",
          run.id());
      for (String table : List.of("series", "param", "tag", "input", "run_model")) {
        handle.execute("DELETE FROM tracking." + table + " WHERE run_id = ?", run.id());
      }
      handle.execute("DELETE FROM tracking.run WHERE id = ?", run.id());
    }
    for (Owner experiment : experiments) {
      long id = Long.parseLong(experiment.experiment());
      handle.execute("DELETE FROM tracking.logged_model WHERE experiment_id = ?", id);
      handle.execute("DELETE FROM tracking.experiment_tag WHERE experiment_id = ?", id);
      handle.execute("DELETE FROM tracking.experiment WHERE id = ?", id);
    }
    return runs.size();
  }
}
