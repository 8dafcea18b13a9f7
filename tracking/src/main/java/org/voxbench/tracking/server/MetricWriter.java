package org.voxbench.tracking.server;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

/** Stores the points of one run inside the caller's transaction, in time linear in their number. */
final class MetricWriter {

  private static final String COLUMNS =
      "INSERT INTO tracking.point (series_id, at_ms, step, metric_value) ";
  private static final String INSERT = COLUMNS + "VALUES (?, ?, ?, ?)";
  private static final String INSERT_IF_NEW =
      COLUMNS
          + "SELECT ?, ?, ?, ? WHERE NOT EXISTS (SELECT 1 FROM tracking.point"
          + " WHERE series_id = ? AND at_ms = ? AND step = ? AND metric_value = ?)";

  private record Series(long id, MetricPoint latest) {}

  private final Handle handle;
  private final String run;

  MetricWriter(Handle handle, String run) {
    this.handle = handle;
    this.run = run;
  }

  void write(Collection<MetricPoint> points) {
    if (points.isEmpty()) {
      return;
    }
    Set<MetricPoint> distinct = new LinkedHashSet<>(points);
    Map<String, MetricPoint> newest = new LinkedHashMap<>();
    for (MetricPoint point : distinct) {
      newest.merge(point.key(), point, (a, b) -> MetricPoint.BY_STEP.compare(a, b) < 0 ? b : a);
    }
    Map<String, Series> before = series(newest.keySet());
    addSeries(newest, before);
    Map<String, Series> series = before.size() == newest.size() ? before : series(newest.keySet());
    insert(distinct, series, before);
    advance(newest, before);
  }

  private Map<String, Series> series(Collection<String> keys) {
    Map<String, Series> found = new HashMap<>();
    handle
        .createQuery(
            "SELECT id, metric_key, latest_ms, latest_step, latest_value FROM tracking.series"
                + " WHERE run_id = :run AND metric_key = ANY(:keys)")
        .bind("run", run)
        .bindArray("keys", String.class, List.copyOf(keys))
        .map(
            (row, context) -> {
              String key = row.getString(2);
              return found.put(
                  key,
                  new Series(
                      row.getLong(1),
                      new MetricPoint(key, row.getLong(3), row.getLong(4), row.getDouble(5))));
            })
        .list();
    return found;
  }

  private void addSeries(Map<String, MetricPoint> newest, Map<String, Series> known) {
    PreparedBatch batch =
        handle.prepareBatch(
            "INSERT INTO tracking.series"
                + " (run_id, metric_key, latest_step, latest_ms, latest_value)"
                + " VALUES (?, ?, ?, ?, ?)");
    newest.forEach(
        (key, point) -> {
          if (!known.containsKey(key)) {
            batch.add(run, key, point.step(), point.timestamp(), point.value());
          }
        });
    execute(batch);
  }

  // A point later than the latest stored one cannot be there already, so only the others are looked
  // up; in a run that logs forward there are none.
  private void insert(
      Set<MetricPoint> points, Map<String, Series> series, Map<String, Series> before) {
    PreparedBatch fresh = handle.prepareBatch(INSERT);
    PreparedBatch suspect = handle.prepareBatch(INSERT_IF_NEW);
    for (MetricPoint point : points) {
      long id = Objects.requireNonNull(series.get(point.key())).id();
      Series known = before.get(point.key());
      if (known == null || MetricPoint.BY_STEP.compare(point, known.latest()) > 0) {
        fresh.add(id, point.timestamp(), point.step(), point.value());
      } else {
        suspect.add(
            id,
            point.timestamp(),
            point.step(),
            point.value(),
            id,
            point.timestamp(),
            point.step(),
            point.value());
      }
    }
    execute(fresh);
    execute(suspect);
  }

  private void advance(Map<String, MetricPoint> newest, Map<String, Series> before) {
    PreparedBatch batch =
        handle.prepareBatch(
            "UPDATE tracking.series SET latest_step = ?, latest_ms = ?, latest_value = ?"
                + " WHERE id = ?");
    before.forEach(
        (key, known) -> {
          MetricPoint point = newest.get(key);
          if (point != null && MetricPoint.BY_STEP.compare(point, known.latest()) > 0) {
            batch.add(point.step(), point.timestamp(), point.value(), known.id());
          }
        });
    execute(batch);
  }

  private static void execute(PreparedBatch batch) {
    try (batch) {
      if (batch.size() > 0) {
        batch.execute();
      }
    }
  }
}
