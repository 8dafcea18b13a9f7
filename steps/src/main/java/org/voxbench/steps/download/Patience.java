package org.voxbench.steps.download;

import java.time.Duration;
import org.voxbench.steps.StepStoppedException;
import org.voxbench.steps.StopSignal;

/**
 * How a download bears with a bad network.
 *
 * @param tries how often in a row a request may fail without a byte gained
 * @param firstPause before the second try; doubles from try to try
 * @param longestPause bound of a pause, also of one the server asks for
 * @param stall how long a connection may stay silent
 * @param chunkBytes how much one request asks for
 */
record Patience(
    int tries, Duration firstPause, Duration longestPause, Duration stall, int chunkBytes) {

  private static final long SLICE_MILLIS = 100;

  static Patience defaults() {
    return new Patience(
        8, Duration.ofMillis(500), Duration.ofMinutes(2), Duration.ofSeconds(30), 8 << 20);
  }

  /**
   * Waits before the next try.
   *
   * @param failures so far, from 1
   * @param asked what the server asked for, zero when it did not
   */
  void pause(int failures, Duration asked, StopSignal stop) {
    Duration doubled = firstPause.multipliedBy(1L << Math.min(20, failures - 1));
    Duration wanted = asked.compareTo(doubled) > 0 ? asked : doubled;
    Duration bounded = wanted.compareTo(longestPause) > 0 ? longestPause : wanted;
    long until = System.nanoTime() + bounded.toNanos();
    for (long left = bounded.toNanos(); left > 0; left = until - System.nanoTime()) {
      stop.check();
      try {
        Thread.sleep(Math.min(SLICE_MILLIS, Math.max(1, left / 1_000_000)));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new StepStoppedException("interrupted between two tries", e);
      }
    }
  }
}
