package org.voxbench.workflows.run;

import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.UUID;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcConnectionPool;
import org.voxbench.workflows.Home;
import org.voxbench.workflows.journal.RunJournal;

/**
 * A database as one coordinator sees it until it dies: at an access fixed beforehand, or when told.
 * From then on nothing that is left of the coordinator can write, as after SIGKILL.
 */
final class MortalDatabase {

  /** The coordinator is dead. No exception: nobody catches it by mistake. */
  static final class Death extends Error {
    private static final long serialVersionUID = 1L;

    Death() {
      super("the coordinator was killed", null, false, false);
    }
  }

  private Path runs = Path.of("");
  private int left = Integer.MAX_VALUE;
  private final JdbcConnectionPool pool =
      JdbcConnectionPool.create(
          "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1", "sa", "");
  private final RunJournal truth = new RunJournal(pool, this::folder);
  private final RunJournal journal = RunJournal.glimpse(source(), this::folder);

  private Path folder(String run) {
    return runs.resolve(run);
  }

  /** Empties it for the runs of another home folder. */
  void use(Home home) {
    runs = home.runs();
    truth.clear();
  }

  /** The journal as it is, whoever is dead. */
  RunJournal truth() {
    return truth;
  }

  /** The journal of the coordinator that lives. */
  RunJournal journal() {
    return journal;
  }

  /** A new coordinator; nothing of the one before may be left running. */
  void revive() {
    left = Integer.MAX_VALUE;
  }

  /** The coordinator dies at that access from now: 0 is now. */
  void dieAfter(int accesses) {
    left = Math.min(left, accesses);
  }

  boolean dead() {
    return left <= 0;
  }

  /** Throws when the coordinator is dead. */
  void check() {
    if (dead()) {
      throw new Death();
    }
  }

  private DataSource source() {
    return (DataSource)
        Proxy.newProxyInstance(
            MortalDatabase.class.getClassLoader(),
            new Class<?>[] {DataSource.class},
            (proxy, method, arguments) -> connection());
  }

  private Connection connection() throws SQLException {
    left--;
    check();
    return pool.getConnection();
  }

  void close() {
    pool.dispose();
  }
}
