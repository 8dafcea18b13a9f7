package org.voxbench.workflows.coordinator;

import com.zaxxer.hikari.SQLExceptionOverride;
import java.sql.SQLException;

/**
 * Takes a connection out of the pool when H2 has closed the database behind it, as it does when a
 * write fails, such as on a full disk. The connection would call itself valid for ever; the next
 * one opens the file anew, with all that was committed.
 */
final class LostDatabase implements SQLExceptionOverride {

  private static final String DATABASE_IS_CLOSED = "90098";

  @java.lang.Override
  public Override adjudicate(SQLException failure) {
    return DATABASE_IS_CLOSED.equals(failure.getSQLState())
        ? Override.MUST_EVICT
        : Override.CONTINUE_EVICT;
  }
}
