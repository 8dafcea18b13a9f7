package org.voxbench.workflows.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.voxbench.workflows.Json;
import org.voxbench.workflows.journal.Run;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Lists the runs of a home folder. */
@Command(
    name = "runs",
    mixinStandardHelpOptions = true,
    description = "Lists all runs, newest first.")
final class RunsCommand implements Callable<Integer> {

  @Option(names = "--json", description = "print a JSON array instead")
  private boolean json;

  @Mixin private final HomeOption home = new HomeOption();
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    List<Run> runs = RunFiles.all(home.home());
    if (json) {
      List<RunSummary> rows = runs.stream().map(run -> RunSummary.of(run, home.home())).toList();
      out.println(Json.MAPPER.writeValueAsString(rows));
    } else if (runs.isEmpty()) {
      out.println("no run yet in " + home.home().root() + ": start one with voxbench run FILE");
    } else {
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
    out.flush();
    return Main.DONE;
  }
}
