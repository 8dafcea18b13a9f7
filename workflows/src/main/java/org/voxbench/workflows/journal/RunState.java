package org.voxbench.workflows.journal;

import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/** The states of a run and of each of its steps, and every legal change between them. */
public enum RunState {
  /** Waiting for its turn. */
  QUEUED,
  /** Being worked on. */
  RUNNING,
  /** Finished; the output is published. */
  SUCCEEDED,
  /** Ended by an error; somebody has to mend something. */
  FAILED,
  /** Ended because it was asked to; can go on. */
  STOPPED,
  /** Its owner died without a word; can go on. */
  LOST,
  /** Ended because somebody did not want it any more; goes on only when asked to. */
  CANCELLED,
  /** Its workers died again and again: taken out of the queue until somebody looks at it. */
  PARKED;

  private static final Map<RunState, Set<RunState>> NEXT =
      Map.of(
          QUEUED, EnumSet.of(RUNNING, SUCCEEDED, STOPPED, CANCELLED),
          RUNNING, EnumSet.of(QUEUED, SUCCEEDED, FAILED, STOPPED, LOST, CANCELLED, PARKED),
          SUCCEEDED, EnumSet.of(QUEUED),
          FAILED, EnumSet.of(QUEUED),
          STOPPED, EnumSet.of(QUEUED, CANCELLED),
          LOST, EnumSet.of(QUEUED, CANCELLED),
          CANCELLED, EnumSet.of(QUEUED),
          PARKED, EnumSet.of(QUEUED, CANCELLED));

  /** Whether a change from this state to {@code next} is legal. */
  public boolean canBecome(RunState next) {
    return NEXT.getOrDefault(this, Set.of()).contains(next);
  }

  /** Whether nobody works on it any more. */
  public boolean ended() {
    return this != QUEUED && this != RUNNING;
  }
}
