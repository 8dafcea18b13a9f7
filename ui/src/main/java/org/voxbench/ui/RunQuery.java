package org.voxbench.ui;

import org.jspecify.annotations.Nullable;
import org.voxbench.ui.RunRow.State;

/**
 * Which runs to list.
 *
 * @param state only runs in this state; null for all
 * @param text only runs whose id or experiment contains this, ignoring case; empty for all
 * @param offset how many of the newest to leave out, at least 0
 * @param limit how many to list at most, 1 to 500
 */
public record RunQuery(@Nullable State state, String text, int offset, int limit) {

  public RunQuery {
    if (offset < 0 || limit < 1 || limit > 500) {
      throw new IllegalArgumentException(
          "expected offset >= 0 and limit 1..500 but found " + offset + " and " + limit);
    }
  }
}
