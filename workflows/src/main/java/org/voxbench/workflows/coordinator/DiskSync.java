package org.voxbench.workflows.coordinator;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Forces what was committed to the disk once a second: a power cut costs no more than that. What a
 * process says and then dies is with the operating system already.
 */
final class DiskSync implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(DiskSync.class);
  private static final long EVERY_SECONDS = 1;
  private static final long PATIENCE_SECONDS = 60;

  private final DataSource database;
  private final Path file;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "index-sync");
            thread.setDaemon(true);
            return thread;
          });
  private FileTime synced = FileTime.fromMillis(0);
  private boolean failed;

  private DiskSync(DataSource database, Path file) {
    this.database = database;
    this.file = file;
  }

  /**
   * Begins.
   *
   * @param file of the database
   */
  static DiskSync of(DataSource database, Path file) {
    DiskSync sync = new DiskSync(database, file);
    var unused =
        sync.timer.scheduleWithFixedDelay(
            sync::sync, EVERY_SECONDS, EVERY_SECONDS, TimeUnit.SECONDS);
    return sync;
  }

  private void sync() {
    try {
      FileTime written = Files.getLastModifiedTime(file);
      if (written.equals(synced)) {
        return;
      }
      try (Connection connection = database.getConnection();
          Statement statement = connection.createStatement()) {
        statement.execute("CHECKPOINT SYNC");
      }
      synced = written;
      failed = false;
    } catch (IOException | SQLException e) {
      if (!failed) {
        LOG.warn("the index cannot be forced to the disk: {}", e.getMessage());
      }
      failed = true;
    }
  }

  /** Waits for what it is at: an interrupt would close the file under H2's hands. */
  @Override
  public void close() {
    timer.shutdown();
    try {
      if (!timer.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        LOG.warn("forcing the index to the disk takes very long; going on without");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
