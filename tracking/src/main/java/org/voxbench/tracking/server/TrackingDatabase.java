package org.voxbench.tracking.server;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
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

  private final ReentrantLock syncing = new ReentrantLock(true);
  private final AtomicLong asked = new AtomicLong();
  private long synced;

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
  }

  <T extends @Nullable Object> T read(Function<Handle, T> work) {
    return jdbi.withHandle(work::apply);
  }

  /** One transaction, alone among the writers; an exception rolls it back. */
  <T extends @Nullable Object> T write(Function<Handle, T> work) {
    writer.lock();
    try {
      return jdbi.inTransaction(work::apply);
    } finally {
      writer.unlock();
    }
  }

  /**
   * The same, on the disk when it returns: after a power cut it is there. Those who ask while
   * another one's turn lasts share the next.
   */
  <T extends @Nullable Object> T writeToDisk(Function<Handle, T> work) {
    T result = write(work);
    long mine = asked.incrementAndGet();
    syncing.lock();
    try {
      if (synced < mine) {
        long all = asked.get();
        jdbi.useHandle(handle -> handle.execute("CHECKPOINT SYNC"));
        synced = all;
      }
    } finally {
      syncing.unlock();
    }
    return result;
  }
}
