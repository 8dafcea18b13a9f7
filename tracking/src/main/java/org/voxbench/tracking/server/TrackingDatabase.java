package org.voxbench.tracking.server;

import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/**
 * The schema {@code tracking} of an H2 database: migrated on construction, then read and written.
 */
final class TrackingDatabase {

  private final Jdbi jdbi;

  /**
   * Checks such as "this parameter has no other value yet" must hold until the commit. H2 commits
   * one after the other anyway, and a queue here cannot run into H2's lock timeout as row locks
   * would.
   */
  private final ReentrantLock writer = new ReentrantLock(true);

  private final Object disk = new Object();

  /** Transactions so far; a new one counts when it has been committed. */
  private final AtomicLong written = new AtomicLong();

  private long forced;

  TrackingDatabase(DataSource source) {
    Flyway.configure(TrackingDatabase.class.getClassLoader())
        .dataSource(source)
        .schemas("TRACKING")
        .table("tracking_history")
        .locations("classpath:org/voxbench/tracking/server/migration")
        .javaMigrations(new PointsToChunks())
        .load()
        .migrate();
    jdbi =
        Jdbi.create(source)
            .registerArrayType(String.class, "varchar")
            .registerArrayType(Long.class, "bigint");
    // H2 by itself hands a commit to the operating system up to a second later.
    jdbi.useHandle(handle -> execute(handle, "SET WRITE_DELAY 0"));
  }

  <T extends @Nullable Object> T read(Function<Handle, T> work) {
    return jdbi.withHandle(work::apply);
  }

  /**
   * One transaction, alone among the writers; an exception rolls it back. When this returns it is
   * on the disk: a client that was told so never sends again what a crash took.
   */
  <T extends @Nullable Object> T write(Function<Handle, T> work) {
    return alone(work, this::force);
  }

  /**
   * The same for one of very many small ones: when this returns the operating system has it, so
   * that the end of this process takes nothing; the disk has it some seconds later.
   */
  <T extends @Nullable Object> T writeSmall(Function<Handle, T> work) {
    return alone(work, handle -> {});
  }

  private <T extends @Nullable Object> T alone(
      Function<Handle, T> work, Consumer<Handle> afterwards) {
    writer.lock();
    try {
      return jdbi.withHandle(
          handle -> {
            T result = handle.inTransaction(work::apply);
            written.incrementAndGet();
            writer.unlock();
            afterwards.accept(handle);
            return result;
          });
    } finally {
      if (writer.isHeldByCurrentThread()) {
        writer.unlock();
      }
    }
  }

  /** Those who wrote while the disk was busy share the next force of it. */
  private void force(Handle handle) {
    long own = written.get();
    synchronized (disk) {
      if (forced < own) {
        long upTo = written.get();
        execute(handle, "CHECKPOINT SYNC");
        forced = upTo;
      }
    }
  }

  private static void execute(Handle handle, String sql) {
    try (Statement statement = handle.getConnection().createStatement()) {
      statement.execute(sql);
    } catch (SQLException failed) {
      throw new IllegalStateException("what was written may not be on the disk", failed);
    }
  }
}
