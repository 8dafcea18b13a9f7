package org.voxbench.ui;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A step of a run as its page draws it.
 *
 * @param name key of the step: download, preprocess, train, checkpoint, evaluate or report
 * @param state where it stands
 * @param attempt which attempt this is, from 1; 0 before the first
 * @param seconds how long it has run, or ran; null before it starts and when reused
 * @param reused whether an earlier result was taken over; then the state is SUCCEEDED
 * @param reason why it was reused, or why not; null when nothing was asked yet
 * @param progress how far it is; null when it is not running or has not said
 * @param message what went wrong and how to mend it, or what to know; null for nothing
 */
public record StepRow(
    String name,
    State state,
    int attempt,
    @Nullable Double seconds,
    boolean reused,
    @Nullable String reason,
    @Nullable Progress progress,
    @Nullable String message) {

  /** Where a step stands. */
  public enum State {
    QUEUED,
    RUNNING,
    SUCCEEDED,
    FAILED,
    STOPPED,
    /** The worker that ran it died. */
    LOST
  }

  /**
   * How far a step is.
   *
   * @param task what is counted, such as {@code iterations}
   * @param done units finished
   * @param total units in all, at least 1
   * @param remaining estimate of what is left; null when it cannot be told yet
   */
  public record Progress(String task, long done, long total, @Nullable Duration remaining) {}
}
