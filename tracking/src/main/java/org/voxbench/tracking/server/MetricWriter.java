package org.voxbench.tracking.server;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
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

  /**
   * A curve as it stands.
   *
   * @param lastSeq number of its last chunk, 0 for none
   * @param lastCount points in that chunk
   */
  private record Series(long id, MetricPoint latest, long lastSeq, int lastCount) {}

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
    Map<String, Set<MetricPoint>> curves = new LinkedHashMap<>();
    for (MetricPoint point : points) {
      curves.computeIfAbsent(point.key(), key -> new LinkedHashSet<>()).add(point);
    }
    Map<String, Series> before = series(curves.keySet());
    addSeries(curves, before);
    Map<String, Series> series = before.size() == curves.size() ? before : series(curves.keySet());
    try (ChunkStatements statements = new ChunkStatements(handle.getConnection())) {
      for (Map.Entry<String, Set<MetricPoint>> curve : curves.entrySet()) {
        Series now = Objects.requireNonNull(series.get(curve.getKey()));
        if (before.containsKey(curve.getKey())) {
          removeKnown(now, curve.getValue());
        }
        append(now, new ArrayList<>(curve.getValue()), statements);
      }
      statements.execute();
    } catch (SQLException failed) {
      throw new IllegalStateException("storing points: " + failed.getMessage(), failed);
    }
  }

  private Map<String, Series> series(Collection<String> keys) {
    Map<String, Series> found = new HashMap<>();
    handle
        .createQuery(
            "SELECT id, metric_key, latest_ms, latest_step, latest_value, last_seq, last_count"
                + " FROM tracking.series WHERE run_id = :run AND metric_key = ANY(:keys)")
        .bind("run", run)
        .bindArray("keys", String.class, List.copyOf(keys))
        .map(
            (row, context) -> {
              String key = row.getString(2);
              MetricPoint latest =
                  new MetricPoint(key, row.getLong(3), row.getLong(4), row.getDouble(5));
              return found.put(
                  key, new Series(row.getLong(1), latest, row.getLong(6), row.getInt(7)));
            })
        .list();
    return found;
  }

  private void addSeries(Map<String, Set<MetricPoint>> curves, Map<String, Series> known) {
    PreparedBatch batch =
        handle.prepareBatch(
            "INSERT INTO tracking.series"
                + " (run_id, metric_key, latest_step, latest_ms, latest_value)"
                + " VALUES (?, ?, ?, ?, ?)");
    curves.forEach(
        (key, points) -> {
          if (!known.containsKey(key)) {
            MetricPoint latest = latest(points);
            batch.add(run, key, latest.step(), latest.timestamp(), latest.value());
          }
        });
    try (batch) {
      if (batch.size() > 0) {
        batch.execute();
      }
    }
  }

  private static MetricPoint latest(Collection<MetricPoint> points) {
    return points.stream().max(MetricPoint.BY_STEP).orElseThrow();
  }

  // A point later than the latest stored one cannot be there already, so only the others are looked
  // up; in a run that logs forward there are none.
  private void removeKnown(Series series, Set<MetricPoint> points) throws SQLException {
    long first = Long.MAX_VALUE;
    long last = Long.MIN_VALUE;
    for (MetricPoint point : points) {
      if (MetricPoint.BY_STEP.compare(point, series.latest()) <= 0) {
        first = Math.min(first, point.timestamp());
        last = Math.max(last, point.timestamp());
      }
    }
    if (first > last) {
      return;
    }
    Connection connection = handle.getConnection();
    Set<MetricPoint> known = new HashSet<>();
    try (PreparedStatement query =
        connection.prepareStatement(
            "SELECT points FROM tracking.chunk"
                + " WHERE series_id = ? AND min_ms <= ? AND max_ms >= ?")) {
      query.setLong(1, series.id());
      query.setLong(2, last);
      query.setLong(3, first);
      List<MetricPoint> stored = new ArrayList<>();
      try (ResultSet rows = query.executeQuery()) {
        while (rows.next()) {
          Chunk.decode(series.latest().key(), rows.getBytes(1), stored);
        }
      }
      known.addAll(stored);
    }
    points.removeAll(known);
  }

  private static void append(Series series, List<MetricPoint> points, ChunkStatements statements)
      throws SQLException {
    if (points.isEmpty()) {
      return;
    }
    MetricPoint newest = latest(points);
    MetricPoint latest =
        MetricPoint.BY_STEP.compare(newest, series.latest()) > 0 ? newest : series.latest();
    int together = series.lastCount() + points.size();
    boolean appended = series.lastSeq() > 0 && together <= Chunk.APPENDED;
    long seq = appended ? series.lastSeq() : series.lastSeq() + 1;
    if (appended) {
      statements.append(series.id(), seq, points);
    } else {
      statements.insert(series.id(), seq, points);
    }
    statements.advance(series.id(), latest, seq, appended ? together : points.size());
  }
}
