package org.voxbench.workflows.cli.shared;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.voxbench.steps.StopSignal;

/**
 * Ctrl-C, SIGTERM and whoever else asks to stop. The signal is passed on, what runs is given time
 * to save, then the process ends with exit code 130.
 */
public final class Interruption implements StopSignal {

  private static final long GRACE_SECONDS = 300;

  // One per process, as signals are: what a command has to say last is said before the process
  // goes.
  private static final CountDownLatch ENDED = new CountDownLatch(1);

  private final CountDownLatch asked = new CountDownLatch(1);
  private final Thread hook = new Thread(this::signalled, "stop");

  private volatile String farewell = "";

  /** What the user is told as soon as a signal comes. */
  public void says(String sentence) {
    farewell = sentence;
  }

  /** Listens to the signals from now on. */
  public static Interruption listening() {
    Interruption interruption = new Interruption();
    Runtime.getRuntime().addShutdownHook(interruption.hook);
    return interruption;
  }

  private void signalled() {
    request();
    if (!farewell.isEmpty()) {
      System.err.printf("%n%s%n", farewell);
    }
    try {
      if (!ENDED.await(GRACE_SECONDS, TimeUnit.SECONDS)) {
        System.err.println("stopping took too long; giving up");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    System.out.flush();
    Runtime.getRuntime().halt(ExitCode.STOPPED);
  }

  @Override
  public boolean requested() {
    return asked.getCount() == 0;
  }

  /** Asks to stop, as a signal would. */
  public void request() {
    asked.countDown();
  }

  /** Waits until a stop is asked for. */
  public void await() throws InterruptedException {
    asked.await();
  }

  /** Waits at most so long for a stop to be asked for; gives whether it was. */
  public boolean await(long millis) throws InterruptedException {
    return asked.await(millis, TimeUnit.MILLISECONDS);
  }

  /** Nothing is left to save: from here on a signal ends the process at once. */
  public void saved() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException stopping) {
      // A signal came first: it waits for the command's end.
    }
  }

  /** The command has said all: a process that was signalled may end. */
  public static void commandEnded() {
    ENDED.countDown();
  }
}
