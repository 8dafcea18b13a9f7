package org.voxbench.workflows.run;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.voxbench.steps.StepStoppedException;
import org.voxbench.steps.StopSignal;

/** Who was asked to stop: one run, or everything because the coordinator ends. */
public final class Stops {

  /** How soon it is noticed that everything shall stop, which nobody says here. */
  private static final long LOOK_MILLIS = 100;

  private final StopSignal everything;
  private final Map<String, Why> asked = new ConcurrentHashMap<>();

  /** Why one run is to stop. */
  public enum Why {
    /** It will go on later. */
    PAUSE,
    /** Nobody wants it any more. */
    CANCEL
  }

  /**
   * @param everything asks all runs to stop
   */
  public Stops(StopSignal everything) {
    this.everything = everything;
  }

  /** Asks one run to stop. */
  public void ask(String run, Why why) {
    asked.put(run, why);
    synchronized (this) {
      notifyAll();
    }
  }

  /** Waits for so long, or until a run shall stop. */
  synchronized void await(String run, Duration longest) {
    long end = System.nanoTime() + longest.toNanos();
    try {
      for (long left = longest.toMillis(); left > 0 && !requested(run); ) {
        wait(Math.min(left, LOOK_MILLIS));
        left = (end - System.nanoTime()) / 1_000_000;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whether a run shall stop, for its own sake or because everything does. */
  public boolean requested(String run) {
    return everything.requested() || asked.containsKey(run);
  }

  /** Whether everything shall stop. */
  public boolean everything() {
    return everything.requested();
  }

  /** Throws when a run shall stop. */
  void check(String run) {
    if (requested(run)) {
      throw new StepStoppedException("stopped on request");
    }
  }

  /** Why that one run shall stop; nothing when only everything does. */
  Optional<Why> why(String run) {
    return Optional.ofNullable(asked.get(run));
  }

  /** The run has stopped: it may be begun again. */
  public void done(String run) {
    asked.remove(run);
  }
}
