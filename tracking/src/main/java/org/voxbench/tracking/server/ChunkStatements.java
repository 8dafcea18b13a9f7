package org.voxbench.tracking.server;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

/** The three statements that store points, each sent once for all curves of a request. */
final class ChunkStatements implements AutoCloseable {

  private final PreparedStatement insert;
  private final PreparedStatement append;
  private final PreparedStatement advance;
  private int inserted;
  private int appended;
  private int advanced;

  ChunkStatements(Connection connection) throws SQLException {
    insert =
        connection.prepareStatement(
            "INSERT INTO tracking.chunk (series_id, seq, min_ms, max_ms, points)"
                + " VALUES (?, ?, ?, ?, ?)");
    append =
        connection.prepareStatement(
            "UPDATE tracking.chunk SET points = points || CAST(? AS VARBINARY), min_ms = LEAST(min_ms, ?),"
                + " max_ms = GREATEST(max_ms, ?) WHERE series_id = ? AND seq = ?");
    advance =
        connection.prepareStatement(
            "UPDATE tracking.series SET latest_step = ?, latest_ms = ?, latest_value = ?,"
                + " last_seq = ?, last_count = ? WHERE id = ?");
  }

  private static long first(List<MetricPoint> points) {
    return points.stream().mapToLong(MetricPoint::timestamp).min().orElseThrow();
  }

  private static long last(List<MetricPoint> points) {
    return points.stream().mapToLong(MetricPoint::timestamp).max().orElseThrow();
  }

  void insert(long series, long seq, List<MetricPoint> points) throws SQLException {
    insert.setLong(1, series);
    insert.setLong(2, seq);
    insert.setLong(3, first(points));
    insert.setLong(4, last(points));
    insert.setBytes(5, Chunk.encode(points));
    insert.addBatch();
    inserted++;
  }

  void append(long series, long seq, List<MetricPoint> points) throws SQLException {
    append.setBytes(1, Chunk.encode(points));
    append.setLong(2, first(points));
    append.setLong(3, last(points));
    append.setLong(4, series);
    append.setLong(5, seq);
    append.addBatch();
    appended++;
  }

  void advance(long series, MetricPoint latest, long seq, int count) throws SQLException {
    advance.setLong(1, latest.step());
    advance.setLong(2, latest.timestamp());
    advance.setDouble(3, latest.value());
    advance.setLong(4, seq);
    advance.setInt(5, count);
    advance.setLong(6, series);
    advance.addBatch();
    advanced++;
  }

  void execute() throws SQLException {
    if (inserted > 0) {
      insert.executeBatch();
    }
    if (appended > 0) {
      append.executeBatch();
    }
    if (advanced > 0) {
      advance.executeBatch();
    }
  }

  @Override
  public void close() throws SQLException {
    try (insert;
        append;
        advance) {
      inserted = 0;
    }
  }
}
