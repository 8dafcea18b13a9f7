package org.voxbench.workflows.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.voxbench.steps.StepName;
import org.voxbench.workflows.Home;
import org.voxbench.workflows.Json;
import org.voxbench.workflows.cli.shared.ConsoleProgress;
import org.voxbench.workflows.dashboard.Outputs;
import org.voxbench.workflows.journal.Run;
import org.voxbench.workflows.journal.StepRun;

/**
 * A run as {@code run} and {@code show} print it.
 *
 * @param run its id
 * @param state where it stands
 * @param seconds time spent on all steps
 * @param report the report's HTML file, once there is one
 * @param message the error or the way to go on, when it did not succeed
 * @param metrics summary figures by dotted name
 * @param steps all six, in order
 */
record RunSummary(
    String run,
    String state,
    double seconds,
    @Nullable String report,
    @Nullable String message,
    Map<String, Double> metrics,
    List<StepSummary> steps) {

  private static final String DICE = "dice.";
  private static final String HD95 = "hd95.";
  private static final int NAME_WIDTH = 28;
  private static final Set<String> GOES_ON =
      Set.of("FAILED", "STOPPED", "LOST", "CANCELLED", "PARKED");

  /** One step in a line. */
  record StepSummary(
      String name, String state, double seconds, boolean reused, @Nullable String reason) {}

  static RunSummary of(Run run, Home home) {
    return new RunSummary(
        run.id(),
        run.shown().name(),
        rounded(run.seconds()),
        report(run, home),
        run.message(),
        run.metrics(),
        run.steps().stream().map(RunSummary::step).toList());
  }

  private static StepSummary step(StepRun step) {
    return new StepSummary(
        step.name().key(),
        step.state().name(),
        rounded(step.seconds()),
        step.reused(),
        step.reason());
  }

  private static @Nullable String report(Run run, Home home) {
    Path file = Outputs.html(run.step(StepName.REPORT), home);
    return file != null && Files.exists(file) ? file.toString() : null;
  }

  private static double rounded(double seconds) {
    return Math.round(seconds * 1000) / 1000.0;
  }

  String json() {
    try {
      return Json.MAPPER.writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a summary is plain values", e);
    }
  }

  /** Prints the scores, the steps and where to look further. */
  void print(PrintWriter out, Home home) {
    if (metrics.keySet().stream().anyMatch(key -> key.startsWith(DICE))) {
      printScores(out);
    }
    out.println();
    for (StepSummary step : steps) {
      out.printf(
          Locale.ROOT,
          "%-12s%-11s%s%n",
          step.name(),
          step.reused() ? "reused" : step.state().toLowerCase(Locale.ROOT),
          step.reused() || step.seconds() == 0 ? "" : ConsoleProgress.clock(step.seconds()));
    }
    out.println();
    out.println(
        "run "
            + run
            + " "
            + state.toLowerCase(Locale.ROOT)
            + (message == null ? "" : ": " + message));
    if (report != null) {
      out.println("report: " + report);
    }
    if (GOES_ON.contains(state)) {
      out.println("go on with: voxbench resume " + run + home.option());
    }
  }

  private void printScores(PrintWriter out) {
    out.printf("%n%-" + NAME_WIDTH + "s%8s%12s%n", "class", "Dice", "HD95 (mm)");
    Map<String, Double> sorted = new TreeMap<>(metrics);
    sorted.forEach(
        (key, value) -> {
          if (key.startsWith(DICE) && !key.equals(DICE + "mean")) {
            printScore(out, key.substring(DICE.length()));
          }
        });
    printScore(out, "mean");
  }

  private void printScore(PrintWriter out, String name) {
    out.printf(
        Locale.ROOT,
        "%-" + NAME_WIDTH + "s%8s%12s%n",
        name,
        figure("%.4f", metrics.get(DICE + name)),
        figure("%.2f", metrics.get(HD95 + name)));
  }

  private static String figure(String format, @Nullable Double value) {
    return value == null || value.isNaN() ? "-" : String.format(Locale.ROOT, format, value);
  }
}
