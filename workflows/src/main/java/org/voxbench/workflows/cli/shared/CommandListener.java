package org.voxbench.workflows.cli.shared;

import java.io.PrintWriter;
import org.voxbench.steps.RunListener;

/** Tells a person how a command goes, on standard error so that its output can be piped. */
public final class CommandListener implements RunListener {

  private static final long LINE_EVERY_NANOS = 10_000_000_000L;

  private final PrintWriter err;
  private long lastLine = System.nanoTime();
  private String task = "";
  private long taskStart;
  private long firstDone;

  /**
   * Tells nothing yet.
   *
   * @param err where the lines go
   */
  public CommandListener(PrintWriter err) {
    this.err = err;
  }

  @Override
  public void metric(String key, double value, long step) {}

  @Override
  public synchronized void progress(String of, long done, long total) {
    if (!of.equals(task)) {
      task = of;
      taskStart = System.nanoTime();
      firstDone = done;
    }
    if (System.nanoTime() - lastLine > LINE_EVERY_NANOS) {
      lastLine = System.nanoTime();
      note(done + " of " + total + " " + of + remaining(done, total));
    }
  }

  private String remaining(long done, long total) {
    if (done <= firstDone || done >= total) {
      return "";
    }
    double each = (System.nanoTime() - taskStart) / 1e9 / (done - firstDone);
    return ", about " + ConsoleProgress.clock(each * (total - done)) + " left";
  }

  @Override
  public synchronized void note(String sentence) {
    err.println(sentence);
    err.flush();
  }
}
