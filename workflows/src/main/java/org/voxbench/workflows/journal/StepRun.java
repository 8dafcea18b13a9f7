package org.voxbench.workflows.journal;

import org.jspecify.annotations.Nullable;
import org.voxbench.steps.StepName;

/**
 * One step of a run.
 *
 * @param name which step
 * @param state where it stands
 * @param attempt number of the newest attempt, 0 before the first
 * @param seconds time spent on all attempts, in seconds
 * @param reused whether an earlier output served
 * @param reason why it was reused or had to be done, in words
 * @param fingerprint what decides reuse, 64 hexadecimal digits, once known
 * @param message the error or the way to go on, when it did not succeed
 */
public record StepRun(
    StepName name,
    RunState state,
    int attempt,
    double seconds,
    boolean reused,
    @Nullable String reason,
    @Nullable String fingerprint,
    @Nullable String message) {

  /** A step that nothing was done for yet. */
  public static StepRun waiting(StepName name) {
    return new StepRun(name, RunState.QUEUED, 0, 0, false, null, null, null);
  }

  /**
   * The same step in another state.
   *
   * @throws IllegalStateException when the change is not in the table of {@link RunState}
   */
  public StepRun become(RunState next, @Nullable String newMessage) {
    if (!state.canBecome(next)) {
      throw new IllegalStateException(
          "step " + name.key() + " cannot change from " + state + " to " + next);
    }
    return new StepRun(name, next, attempt, seconds, reused, reason, fingerprint, newMessage);
  }

  /** The same step with its decision on reuse. */
  public StepRun decided(boolean reuse, String why, String newFingerprint) {
    return new StepRun(name, state, attempt, seconds, reuse, why, newFingerprint, message);
  }

  /** The same step with another attempt begun. */
  public StepRun numbered(int number) {
    return new StepRun(name, state, number, seconds, reused, reason, fingerprint, message);
  }

  /** The same step with more time spent on it. */
  public StepRun spent(double more) {
    return new StepRun(name, state, attempt, seconds + more, reused, reason, fingerprint, message);
  }
}
