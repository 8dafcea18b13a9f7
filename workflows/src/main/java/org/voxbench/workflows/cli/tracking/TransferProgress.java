package org.voxbench.workflows.cli.tracking;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.voxbench.tracking.transfer.Transfer.Progress;
import org.voxbench.workflows.cli.shared.ConsoleProgress;
import org.voxbench.workflows.cli.shared.Terminal;

/**
 * Shows on standard error how far an import or export is: one line that is written over on a
 * terminal, else a line every few seconds.
 */
final class TransferProgress implements Consumer<Progress>, AutoCloseable {

  private static final long LINE_EVERY_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final int MARGIN = 3;

  private final PrintWriter err;
  private final boolean terminal = Terminal.present();
  private final int width = terminal ? Terminal.columns() - MARGIN : Integer.MAX_VALUE;
  private long lastLine = System.nanoTime();
  private int shown;

  TransferProgress(PrintWriter err) {
    this.err = err;
  }

  @Override
  public void accept(Progress progress) {
    String line = line(progress);
    if (terminal) {
      String cut = line.length() > width ? line.substring(0, width) : line;
      err.print("\r" + cut + " ".repeat(Math.max(0, shown - cut.length())));
      shown = cut.length();
      err.flush();
    } else if (System.nanoTime() - lastLine > LINE_EVERY_NANOS) {
      lastLine = System.nanoTime();
      err.println(line);
      err.flush();
    }
  }

  /** Such as {@code 12 of 40 runs, 120000 points, 3.2 MB, about 1 min 10 s left: weights.pth}. */
  static String line(Progress progress) {
    return String.format(
        Locale.ROOT,
        "%d of %d runs, %d points, %.1f MB%s%s",
        progress.runs(),
        progress.ofRuns(),
        progress.points(),
        progress.bytes() / 1e6,
        Double.isNaN(progress.seconds())
            ? ""
            : ", about " + ConsoleProgress.clock(progress.seconds()) + " left",
        progress.doing().isEmpty() ? "" : ": " + progress.doing());
  }

  @Override
  public void close() {
    end();
  }

  /** Takes the line away. */
  void end() {
    if (shown > 0) {
      err.print("\r" + " ".repeat(shown) + "\r");
      err.flush();
      shown = 0;
    }
  }
}
