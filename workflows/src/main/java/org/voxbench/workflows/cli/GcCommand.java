package org.voxbench.workflows.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.voxbench.workflows.Home;
import org.voxbench.workflows.Json;
import org.voxbench.workflows.cli.shared.ExitCode;
import org.voxbench.workflows.cli.shared.HomeOption;
import org.voxbench.workflows.coordinator.Cleared;
import org.voxbench.workflows.coordinator.Keeping;
import org.voxbench.workflows.journal.Run;
import org.voxbench.workflows.keep.Garbage;
import org.voxbench.workflows.keep.Garbage.Item;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Makes room. */
@Command(
    name = "gc",
    mixinStandardHelpOptions = true,
    description = {
      "Removes what no run needs: outputs that no run names, leftovers of unfinished attempts of"
          + " finished runs, submissions that were never finished.",
      "Runs themselves are only removed with --runs-older-than; pinned ones never."
    })
final class GcCommand implements Callable<Integer> {

  @Option(names = "--dry-run", description = "only show what would be removed")
  private boolean dryRun;

  @Option(
      names = "--runs-older-than",
      paramLabel = "DAYS",
      description = "also remove runs that ended longer ago, unless they are pinned")
  private @Nullable Integer days;

  @Option(names = "--json", description = "print a JSON array of what was or would be removed")
  private boolean json;

  @Mixin private final HomeOption home = new HomeOption();
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    if (days != null && days < 0) {
      throw new IllegalArgumentException("--runs-older-than: expected at least 0 but was " + days);
    }
    Home folder = home.home();
    PrintWriter out = spec.commandLine().getOut();
    if (dryRun) {
      Garbage garbage = new Garbage(folder, InstantSource.system());
      List<Run> old =
          days == null ? List.of() : garbage.endedBefore(Duration.ofDays(days.longValue()));
      print(out, old.stream().map(Run::id).toList(), garbage.find());
    } else {
      Cleared cleared = Keeping.of(folder.prepared()).clear(days);
      print(out, cleared.runs(), cleared.items());
    }
    return ExitCode.DONE;
  }

  private void print(PrintWriter out, List<String> old, List<Item> items) throws IOException {
    long bytes = items.stream().mapToLong(Item::bytes).sum();
    if (json) {
      out.println(Json.MAPPER.writeValueAsString(items));
    } else {
      String verb = dryRun ? "would remove" : "removed";
      old.forEach(run -> out.println(verb + " run " + run));
      items.forEach(
          item ->
              out.printf(
                  "%s %6d MiB  %s  (%s)%n",
                  verb, item.bytes() >> 20, item.folder(), item.reason()));
      out.println(verb + " " + (bytes >> 20) + " MiB in " + items.size() + " folders");
      if (dryRun && !old.isEmpty()) {
        out.println("the outputs of the runs above go as well where no other run names them");
      }
    }
    out.flush();
  }
}
