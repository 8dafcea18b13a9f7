package org.voxbench.workflows.cli.shared;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;
import org.voxbench.steps.StepName;
import org.voxbench.workflows.journal.Run;
import org.voxbench.workflows.journal.RunState;
import org.voxbench.workflows.journal.StepRun;
import org.voxbench.workflows.run.Event;
import org.voxbench.workflows.run.RunObserver;

/**
 * Shows one run on a terminal: a bar with the remaining time for each long task; where the output
 * is no terminal, a line every few seconds instead.
 */
public final class ConsoleProgress implements RunObserver, AutoCloseable {

  private static final long LINE_EVERY_NANOS = 15_000_000_000L;

  /** Columns left for the ^C that a terminal echoes. */
  private static final int MARGIN = 3;

  private final PrintWriter out;
  private final boolean terminal;
  private final Map<StepName, RunState> shown = new EnumMap<>(StepName.class);
  private @Nullable ProgressBar bar;
  private String task = "";
  private long taskStart;
  private long firstDone;
  private long lastLine;

  /**
   * Shows nothing yet.
   *
   * @param out where the lines go
   * @param terminal whether lines may be drawn over: bars instead of a line now and then
   */
  public ConsoleProgress(PrintWriter out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  @Override
  public synchronized void changed(Run run) {
    for (StepRun step : run.steps()) {
      RunState before = shown.put(step.name(), step.state());
      if (before != step.state() && step.state() != RunState.QUEUED) {
        show(step);
      }
    }
  }

  private void show(StepRun step) {
    switch (step.state()) {
      case RUNNING -> {}
      case SUCCEEDED ->
          line(
              step.name(),
              step.reused() ? "reused: " + step.reason() : "done in " + clock(step.seconds()));
      default -> line(step.name(), step.state().name().toLowerCase(Locale.ROOT));
    }
  }

  @Override
  public synchronized void told(String run, StepName step, Event event) {
    if (event instanceof Event.Note note) {
      line(step, note.sentence());
    } else if (event instanceof Event.Progress progress) {
      advance(step, progress);
    }
  }

  private void advance(StepName step, Event.Progress progress) {
    String name = step.key() + " " + progress.task();
    if (!name.equals(task)) {
      close();
      task = name;
      taskStart = System.nanoTime();
      lastLine = taskStart;
      firstDone = progress.done();
      bar = terminal ? newBar(step, progress) : null;
    }
    if (bar != null) {
      bar.maxHint(progress.total()).stepTo(progress.done());
    } else if (System.nanoTime() - lastLine > LINE_EVERY_NANOS) {
      lastLine = System.nanoTime();
      line(
          step,
          progress.done()
              + " of "
              + progress.total()
              + " "
              + progress.task()
              + remaining(progress));
    }
    if (progress.done() >= progress.total()) {
      close();
    }
  }

  private static ProgressBar newBar(StepName step, Event.Progress progress) {
    return new ProgressBarBuilder()
        .setTaskName(String.format("%-10s", step.key()))
        .setInitialMax(progress.total())
        .setUnit(" " + progress.task(), 1)
        .setStyle(ProgressBarStyle.ASCII)
        .setUpdateIntervalMillis(250)
        .startsFrom(progress.done(), Duration.ZERO)
        .setConsumer(new ConsoleProgressBarConsumer(System.err, Terminal.columns() - MARGIN))
        .build();
  }

  private String remaining(Event.Progress progress) {
    long finished = progress.done() - firstDone;
    if (finished <= 0) {
      return "";
    }
    double each = (System.nanoTime() - taskStart) / 1e9 / finished;
    return ", about " + clock(each * (progress.total() - progress.done())) + " left";
  }

  private void line(StepName step, String text) {
    closeBar();
    out.println(String.format("%-10s  %s", step.key(), text));
    out.flush();
  }

  /** Minutes and seconds. */
  public static String clock(double seconds) {
    long whole = Math.round(seconds);
    return seconds < 60
        ? String.format(Locale.ROOT, "%.1f s", seconds)
        : String.format(Locale.ROOT, "%d min %02d s", whole / 60, whole % 60);
  }

  /** Takes the bar away. */
  @Override
  public synchronized void close() {
    closeBar();
    task = "";
  }

  private void closeBar() {
    if (bar != null) {
      bar.close();
      bar = null;
    }
  }
}
