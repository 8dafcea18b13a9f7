package org.voxbench.workflows.cli;

import java.io.PrintWriter;
import org.voxbench.steps.RunListener;

/** Tells a person how a command goes, on standard error so that its output can be piped. */
final class CommandListener implements RunListener {

  private static final long LINE_EVERY_NANOS = 10_000_000_000L;

  private final PrintWriter err;
  private long lastLine = System.nanoTime();

  CommandListener(PrintWriter err) {
    this.err = err;
  }

  @Override
  public void metric(String key, double value, long step) {}

  @Override
  public synchronized void progress(String task, long done, long total) {
    if (System.nanoTime() - lastLine > LINE_EVERY_NANOS) {
      lastLine = System.nanoTime();
      note(done + " of " + total + " " + task);
    }
  }

  @Override
  public synchronized void note(String sentence) {
    err.println(sentence);
    err.flush();
  }
}
