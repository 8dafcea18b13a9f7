package org.voxbench.tracking.server;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.migration.Context;
import org.flywaydb.core.api.migration.JavaMigration;

/** Brings the points of the first version, a row each, into chunks. */
final class PointsToChunks implements JavaMigration {

  @Override
  public MigrationVersion getVersion() {
    return MigrationVersion.fromVersion("4");
  }

  @Override
  public String getDescription() {
    return "points to chunks";
  }

  @Override
  public Integer getChecksum() {
    return 1;
  }

  @Override
  public boolean canExecuteInTransaction() {
    return true;
  }

  @Override
  public void migrate(Context context) throws SQLException {
    Connection connection = context.getConnection();
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT series_id, at_ms, step, metric_value FROM tracking.point"
                    + " ORDER BY series_id, at_ms, step, metric_value")) {
      List<MetricPoint> points = new ArrayList<>();
      long series = -1;
      long seq = 0;
      while (rows.next()) {
        if (rows.getLong(1) != series || points.size() == Chunk.MOST) {
          write(connection, series, ++seq, points);
          seq = rows.getLong(1) == series ? seq : 0;
          series = rows.getLong(1);
          points.clear();
        }
        points.add(new MetricPoint("", rows.getLong(2), rows.getLong(3), rows.getDouble(4)));
      }
      write(connection, series, seq + 1, points);
    }
    try (Statement statement = connection.createStatement()) {
      statement.execute("DROP TABLE tracking.point");
    }
  }

  private static void write(Connection connection, long series, long seq, List<MetricPoint> points)
      throws SQLException {
    if (points.isEmpty()) {
      return;
    }
    try (PreparedStatement insert =
            connection.prepareStatement("INSERT INTO tracking.chunk VALUES (?, ?, ?, ?, ?)");
        PreparedStatement update =
            connection.prepareStatement(
                "UPDATE tracking.series SET last_seq = ?, last_count = ? WHERE id = ?")) {
      insert.setLong(1, series);
      insert.setLong(2, seq);
      insert.setLong(3, points.get(0).timestamp());
      insert.setLong(4, points.get(points.size() - 1).timestamp());
      insert.setBytes(5, Chunk.encode(points));
      insert.executeUpdate();
      update.setLong(1, seq);
      update.setInt(2, points.size());
      update.setLong(3, series);
      update.executeUpdate();
    }
  }
}
