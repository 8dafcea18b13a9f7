package org.voxbench.workflows.shipping;

import java.time.Duration;

/**
 * When a server that failed is asked again: after a first pause, then after twice the last one, up
 * to the longest. Times are those of {@code System.nanoTime()}.
 */
final class BackOff {

  private static final int MOST_DOUBLINGS = 20;

  private final long first;
  private final long longest;
  private int failures;
  private long notBefore;

  /**
   * Asks at once.
   *
   * @param now the time
   */
  BackOff(Duration first, Duration longest, long now) {
    this.first = first.toNanos();
    this.longest = longest.toNanos();
    this.notBefore = now;
  }

  synchronized boolean isOver(long now) {
    return now - notBefore >= 0;
  }

  synchronized void failed(long now) {
    notBefore = now + Math.min(longest, first << Math.min(failures, MOST_DOUBLINGS));
    failures++;
  }

  synchronized void worked() {
    failures = 0;
  }

  /** What was wrong may be mended: asks at once. */
  synchronized void end(long now) {
    failures = 0;
    notBefore = now;
  }
}
