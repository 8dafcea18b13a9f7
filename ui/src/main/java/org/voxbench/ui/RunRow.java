package org.voxbench.ui;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A run as one line of the list.
 *
 * @param id names the run in addresses and commands
 * @param experiment the name in its YAML file
 * @param state where it stands
 * @param queued when it was asked for; the list is sorted by this
 * @param started when its first step began; null before
 * @param ended when it reached its last state; null before
 * @param diceMean mean Dice over the published classes, 0 to 1; null until evaluated
 * @param activity what it does now in a few words, such as {@code train 120 of 300 iterations};
 *     null when nothing runs
 */
public record RunRow(
    String id,
    String experiment,
    State state,
    Instant queued,
    @Nullable Instant started,
    @Nullable Instant ended,
    @Nullable Double diceMean,
    @Nullable String activity) {

  /** Where a run stands. */
  public enum State {
    QUEUED,
    RUNNING,
    SUCCEEDED,
    FAILED,
    STOPPED,
    /** The process that owned it died and nobody took it over. */
    LOST,
    /** Ended because nobody wanted it any more. */
    CANCELLED,
    /** Its workers died again and again: it waits until somebody looks at it. */
    PARKED;

    /** Whether more may happen by itself, so that a page keeps asking. */
    public boolean isLive() {
      return this == QUEUED || this == RUNNING;
    }
  }
}
