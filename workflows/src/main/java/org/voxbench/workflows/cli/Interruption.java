package org.voxbench.workflows.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.voxbench.steps.StopSignal;

/**
 * Ctrl-C, SIGTERM and whoever else asks to stop. The signal is passed on, what runs is given time
 * to save, then the process ends with exit code 130.
 */
final class Interruption implements StopSignal {

  private static final long GRACE_SECONDS = 300;

  private final CountDownLatch saved = new CountDownLatch(1);
  private final CountDownLatch asked = new CountDownLatch(1);

  private volatile String farewell = "";

  /** What the user is told as soon as a signal comes. */
  void says(String sentence) {
    farewell = sentence;
  }

  /** Listens to the signals from now on. */
  static Interruption listening() {
    Interruption interruption = new Interruption();
    Runtime.getRuntime().addShutdownHook(new Thread(interruption::signalled, "stop"));
    return interruption;
  }

  private void signalled() {
    if (saved.getCount() == 0) {
      return;
    }
    request();
    if (!farewell.isEmpty()) {
      System.err.printf("%n%s%n", farewell);
    }
    try {
      if (!saved.await(GRACE_SECONDS, TimeUnit.SECONDS)) {
        System.err.println("stopping took too long; giving up");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    System.out.flush();
    Runtime.getRuntime().halt(Main.STOPPED);
  }

  @Override
  public boolean requested() {
    return asked.getCount() == 0;
  }

  /** Asks to stop, as a signal would. */
  void request() {
    asked.countDown();
  }

  /** Waits until a stop is asked for. */
  void await() throws InterruptedException {
    asked.await();
  }

  /** Waits at most so long for a stop to be asked for; gives whether it was. */
  boolean await(long millis) throws InterruptedException {
    return asked.await(millis, TimeUnit.MILLISECONDS);
  }

  /** Nothing is left to save: the process may end. */
  void saved() {
    saved.countDown();
  }
}
