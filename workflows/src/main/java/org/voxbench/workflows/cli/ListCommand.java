package org.voxbench.workflows.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.voxbench.workflows.Json;
import org.voxbench.workflows.cli.shared.ExitCode;
import org.voxbench.workflows.cli.shared.HomeOption;
import org.voxbench.workflows.coordinator.RunListing;
import org.voxbench.workflows.journal.Run;
import org.voxbench.workflows.journal.RunIndex.Filter;
import org.voxbench.workflows.journal.RunIndex.Sort;
import org.voxbench.workflows.journal.RunState;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Lists the runs of a home folder. */
@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    description = "Lists runs, newest first unless sorted otherwise.")
final class ListCommand implements Callable<Integer> {

  @Option(names = "--json", description = "print a JSON array instead")
  private boolean json;

  @Option(
      names = "--state",
      paramLabel = "STATE",
      split = ",",
      description = "only runs in these states: ${COMPLETION-CANDIDATES}")
  private Set<RunState> states = EnumSet.noneOf(RunState.class);

  @Option(names = "--name", paramLabel = "TEXT", description = "only runs whose id contains this")
  private String text = "";

  @Option(names = "--sweep", paramLabel = "SWEEP", description = "only the runs of this sweep")
  private @Nullable String sweep;

  @Option(
      names = "--sort",
      paramLabel = "KEY",
      defaultValue = "CREATED",
      description = "sort by ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE})")
  private Sort sort = Sort.CREATED;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "100",
      description = "at most so many (default: ${DEFAULT-VALUE})")
  private int limit;

  @Mixin private final HomeOption home = new HomeOption();
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    if (limit < 1) {
      throw new IllegalArgumentException("--limit: expected at least 1 but was " + limit);
    }
    PrintWriter out = spec.commandLine().getOut();
    RunListing.Query query = new RunListing.Query(new Filter(states, text, sweep), sort, limit);
    List<Run> runs = RunListing.find(home.home(), query);
    if (json) {
      List<RunSummary> rows = runs.stream().map(run -> RunSummary.of(run, home.home())).toList();
      out.println(Json.MAPPER.writeValueAsString(rows));
    } else if (runs.isEmpty()) {
      out.println(
          query.filter().equals(Filter.ALL)
              ? "no run yet in " + home.home().root() + ": start one with voxbench run FILE"
              : "no run fits");
    } else {
      print(runs, out);
    }
    out.flush();
    return ExitCode.DONE;
  }

  private static void print(List<Run> runs, PrintWriter out) {
    int width = Math.max(20, runs.stream().mapToInt(r -> r.id().length()).max().orElse(0) + 2);
    String format = "%-" + width + "s%-12s%-22s%10s%10s%n";
    out.printf(format, "run", "state", "created", "seconds", "Dice");
    for (Run run : runs) {
      Double dice = run.metrics().get("dice.mean");
      out.printf(
          format,
          run.id(),
          run.shown().name().toLowerCase(Locale.ROOT),
          run.created().truncatedTo(ChronoUnit.SECONDS),
          String.format(Locale.ROOT, "%.1f", run.seconds()),
          dice == null ? "-" : String.format(Locale.ROOT, "%.4f", dice));
    }
  }
}
