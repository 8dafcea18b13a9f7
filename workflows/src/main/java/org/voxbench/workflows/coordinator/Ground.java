package org.voxbench.workflows.coordinator;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import javax.sql.DataSource;
import org.voxbench.workflows.Home;
import org.voxbench.workflows.journal.RunJournal;
import org.voxbench.workflows.run.DiskGuard;

/**
 * A home folder held by this process alone: its lock, its index, its journal. What every
 * coordinator stands on, and all that a command needs which works without one.
 */
public final class Ground implements AutoCloseable {

  /**
   * H2 else writes up to a second after it answered that something is committed, and SIGKILL takes
   * what was not written. Space that is free again waits until {@link DiskSync} has been there
   * several times: a power cut finds either the old or the new.
   */
  static final String KEPT = ";WRITE_DELAY=0;RETENTION_TIME=5000";

  private static final int POOL = 16;

  /** As long as a command may have a look at a home folder that no coordinator holds. */
  private static final long PATIENCE_MILLIS = 5_000;

  private static final long ASK_EVERY_MILLIS = 50;

  private final Home home;
  private final CoordinatorLock lock;
  private final HikariDataSource database;
  private final RunJournal journal;
  private final DiskSync sync;

  private Ground(Home home, CoordinatorLock lock, HikariDataSource database, RunJournal journal) {
    this.home = home;
    this.lock = lock;
    this.database = database;
    this.journal = journal;
    this.sync = DiskSync.of(database, Path.of(home.index() + ".mv.db"));
  }

  /**
   * Takes a home folder.
   *
   * @param home prepared
   * @throws HomeInUseException when another process holds it
   * @throws DamagedIndexException when H2 cannot read its file
   * @throws FullHomeException when H2 cannot write its file for want of room
   */
  public static Ground take(Home home) throws IOException {
    return take(home, PATIENCE_MILLIS, "", RunJournal::new);
  }

  /**
   * The same for one question: faster, since tables that are up to date are left alone and the file
   * is not tidied up at the end.
   */
  public static Ground glance(Home home) throws IOException {
    return take(home, 0, ";MAX_COMPACT_TIME=0", RunJournal::glimpse);
  }

  private static Ground take(
      Home home,
      long patienceMillis,
      String settings,
      BiFunction<DataSource, Function<String, Path>, RunJournal> journal)
      throws IOException {
    CoordinatorLock lock = lock(home, patienceMillis);
    try {
      HikariDataSource database = database(home, settings);
      try {
        return new Ground(home, lock, database, journal.apply(database, home::run));
      } catch (RuntimeException e) {
        database.close();
        throw e;
      }
    } catch (RuntimeException e) {
      lock.close();
      Optional<String> full = DiskGuard.of(home).refusal(e);
      if (full.isPresent()) {
        throw new FullHomeException(full.get(), e);
      }
      throw DamagedIndexException.isDamage(e) ? new DamagedIndexException(home, e) : e;
    }
  }

  /** Waits for a command that only has a look; a coordinator keeps the home folder for long. */
  private static CoordinatorLock lock(Home home, long patienceMillis) throws IOException {
    long end = System.nanoTime() + patienceMillis * 1_000_000;
    while (true) {
      Optional<CoordinatorLock> lock = CoordinatorLock.tryTake(home);
      if (lock.isPresent()) {
        return lock.get();
      }
      if (System.nanoTime() >= end || RemoteCoordinator.answering(home).isPresent()) {
        throw new HomeInUseException(home);
      }
      try {
        Thread.sleep(ASK_EVERY_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new HomeInUseException(home);
      }
    }
  }

  private static HikariDataSource database(Home home, String settings) {
    // No server, no console: the file belongs to this process alone.
    return pool("jdbc:h2:file:" + home.index() + ";DB_CLOSE_ON_EXIT=FALSE" + KEPT + settings);
  }

  static HikariDataSource pool(String url) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(url);
    config.setExceptionOverride(new LostDatabase());
    config.setMaximumPoolSize(POOL);
    config.setMinimumIdle(1);
    config.setPoolName("index");
    return new HikariDataSource(config);
  }

  public Home home() {
    return home;
  }

  public DataSource database() {
    return database;
  }

  public RunJournal journal() {
    return journal;
  }

  @Override
  public void close() throws IOException {
    sync.close();
    database.close();
    lock.close();
  }
}
