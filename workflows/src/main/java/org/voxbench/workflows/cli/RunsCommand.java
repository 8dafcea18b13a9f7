package org.voxbench.workflows.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.voxbench.workflows.Home;
import org.voxbench.workflows.journal.Run;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Lists the runs of a home folder. */
@Command(
    name = "runs",
    mixinStandardHelpOptions = true,
    description = "Lists all runs, newest first.")
final class RunsCommand implements Callable<Integer> {

  @Mixin private final ReadOptions options = new ReadOptions();

  @Override
  public Integer call() throws IOException {
    Home home = options.home();
    List<Run> runs = RunFiles.all(home);
    List<RunSummary> rows = runs.stream().map(run -> RunSummary.of(run, home)).toList();
    return options.print(rows, out -> print(runs, home, out));
  }

  private static void print(List<Run> runs, Home home, PrintWriter out) {
    if (runs.isEmpty()) {
      out.println("no run yet in " + home.root() + ": start one with voxbench run FILE");
      return;
    }
    out.printf("%-28s%-12s%-22s%10s%10s%n", "run", "state", "created", "seconds", "Dice");
    for (Run run : runs) {
      Double dice = run.metrics().get("dice.mean");
      out.printf(
          Locale.ROOT,
          "%-28s%-12s%-22s%10.1f%10s%n",
          run.id(),
          run.state().name().toLowerCase(Locale.ROOT),
          run.created().truncatedTo(ChronoUnit.SECONDS),
          run.seconds(),
          dice == null ? "-" : String.format(Locale.ROOT, "%.4f", dice));
    }
  }
}
