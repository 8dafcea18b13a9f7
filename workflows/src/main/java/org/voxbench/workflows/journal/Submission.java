package org.voxbench.workflows.journal;

import org.jspecify.annotations.Nullable;

/**
 * As what a run was asked for: written once, into {@code submission.json} of its folder.
 *
 * @param configuration digest of all that decides its results, 64 hexadecimal digits: two runs with
 *     the same one are the same cell
 * @param priority of two waiting runs the one with the higher number is taken first; 0 by default
 * @param sweep id of the sweep it belongs to, or null
 * @param cell what sets it apart in that sweep, such as {@code seed=1}, or null
 */
public record Submission(
    String configuration, int priority, @Nullable String sweep, @Nullable String cell) {

  /** Farthest from 0 that a priority may be. */
  public static final int HIGHEST = 1000;

  public Submission {
    if (Math.abs(priority) > HIGHEST) {
      throw new IllegalArgumentException(
          "priority: expected -1000 to 1000 but found " + priority + "; the default is 0");
    }
  }

  /** A run of its own with the default priority. */
  public static Submission of(String configuration) {
    return new Submission(configuration, 0, null, null);
  }
}
