package org.voxbench.workflows.run;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A thread that runs only when it is told to, from one pause to the next: of all strands and their
 * driver one is awake at a time, so that any order of events can be had, and had again.
 */
final class Strand {

  private static final long STUCK_SECONDS = 30;
  private static final ThreadLocal<@Nullable Strand> OWN = new ThreadLocal<>();

  private final Semaphore go = new Semaphore(0);
  private final Semaphore back = new Semaphore(0);
  private final Thread thread;
  private volatile @Nullable Throwable end;
  private volatile boolean ended;

  Strand(Runnable work) {
    thread = new Thread(() -> whole(work), "strand");
    thread.setDaemon(true);
    thread.start();
  }

  private void whole(Runnable work) {
    OWN.set(this);
    go.acquireUninterruptibly();
    try {
      work.run();
    } catch (Throwable e) {
      end = e;
    } finally {
      ended = true;
      back.release();
    }
  }

  /** Has it go on to its next pause or its end. */
  void step() throws InterruptedException {
    go.release();
    if (!back.tryAcquire(STUCK_SECONDS, TimeUnit.SECONDS)) {
      StringBuilder where = new StringBuilder();
      for (StackTraceElement each : thread.getStackTrace()) {
        where.append("\n  at ").append(each);
      }
      throw new AssertionError("a strand neither pauses nor ends:" + where);
    }
  }

  boolean ended() {
    return ended;
  }

  /** What it ended with, or null. */
  @Nullable Throwable failure() {
    return end;
  }

  /** Called on a strand: lets the others have their turn. Elsewhere there is nobody to wait for. */
  static void pause() {
    Strand own = OWN.get();
    if (own != null) {
      own.back.release();
      own.go.acquireUninterruptibly();
    }
  }
}
