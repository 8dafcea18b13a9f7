package org.voxbench.workflows.coordinator;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.voxbench.workflows.Home;

/** H2 cannot read the index. Nothing is lost: the run folders hold the truth. */
public final class DamagedIndexException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** H2: file corrupted, general error while opening, unsupported version of the file. */
  private static final int[] CODES = {90030, 50000, 90048, 90028, 90031};

  DamagedIndexException(Home home, Throwable cause) {
    super(
        "the index "
            + home.index()
            + ".mv.db is damaged ("
            + innermost(cause).getMessage()
            + "). No run is lost: the run folders hold the truth. Build it anew with: voxbench"
            + " reindex --home "
            + home.root(),
        cause);
  }

  /** Whether a failure to open the index means that its file is damaged. */
  static boolean isDamage(Throwable failure) {
    for (@Nullable Throwable e = failure; e != null; e = e.getCause()) {
      if (e instanceof SQLException sql) {
        for (int code : CODES) {
          if (sql.getErrorCode() == code) {
            return true;
          }
        }
      }
    }
    return false;
  }

  private static Throwable innermost(Throwable failure) {
    Throwable e = failure;
    while (e.getCause() != null) {
      e = e.getCause();
    }
    return e;
  }
}
