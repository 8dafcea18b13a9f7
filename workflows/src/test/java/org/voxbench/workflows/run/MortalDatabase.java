package org.voxbench.workflows.run;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcConnectionPool;

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

  private final JdbcConnectionPool pool;
  private int left = Integer.MAX_VALUE;

  MortalDatabase(JdbcConnectionPool pool) {
    this.pool = pool;
  }

  /** Dies at that access from now: 0 is now. */
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

  DataSource source() {
    return (DataSource)
        java.lang.reflect.Proxy.newProxyInstance(
            MortalDatabase.class.getClassLoader(),
            new Class<?>[] {DataSource.class},
            (proxy, method, arguments) -> connection());
  }

  private Connection connection() throws SQLException {
    left--;
    check();
    return pool.getConnection();
  }
}
