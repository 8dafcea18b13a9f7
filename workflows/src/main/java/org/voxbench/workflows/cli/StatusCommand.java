package org.voxbench.workflows.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.voxbench.workflows.Home;
import org.voxbench.workflows.Json;
import org.voxbench.workflows.cli.shared.ConsoleProgress;
import org.voxbench.workflows.cli.shared.ExitCode;
import org.voxbench.workflows.cli.shared.HomeOption;
import org.voxbench.workflows.cli.shared.Interruption;
import org.voxbench.workflows.cli.shared.Terminal;
import org.voxbench.workflows.coordinator.CoordinatorAddress;
import org.voxbench.workflows.coordinator.Coordinators;
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

/** Says what goes on in a home folder. */
@Command(
    name = "status",
    mixinStandardHelpOptions = true,
    description = "Shows what is being worked on, what waits, and who uses which device.")
final class StatusCommand implements Callable<Integer> {

  private static final long EVERY_MILLIS = 1000;
  private static final int MOST = 50;

  @Option(
      names = {"-w", "--watch"},
      description = "keep showing it, once a second, until Ctrl-C")
  private boolean watch;

  @Option(names = "--json", description = "print one JSON object instead")
  private boolean json;

  @Mixin private final HomeOption home = new HomeOption();
  @Spec private CommandSpec spec;

  /** One open or parked run. */
  private record Row(
      String run, String state, @Nullable String activity, @Nullable String message) {}

  private record Status(
      @Nullable String coordinator,
      Map<String, Integer> runs,
      Map<String, String> slots,
      List<Row> open) {}

  @Override
  public Integer call() throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    if (!watch) {
      show(out);
      return ExitCode.DONE;
    }
    boolean terminal = Terminal.present() && !json;
    Interruption stop = Interruption.listening();
    try {
      out.print(terminal ? Screen.opened() : "");
      do {
        if (terminal) {
          StringWriter text = new StringWriter();
          show(new PrintWriter(text));
          Screen.show(out, text.toString());
        } else {
          show(out);
        }
      } while (!stop.await(EVERY_MILLIS));
      return ExitCode.STOPPED;
    } finally {
      out.print(terminal ? Screen.closed() : "");
      out.flush();
      stop.saved();
    }
  }

  private void show(PrintWriter out) throws IOException {
    Status status = status(home.home());
    if (json) {
      out.println(Json.MAPPER.writeValueAsString(status));
    } else {
      print(status, out);
    }
    out.flush();
  }

  private static Status status(Home home) throws IOException {
    Optional<CoordinatorAddress> coordinator = CoordinatorAddress.of(home);
    boolean served = Coordinators.isServed(home);
    RunListing.Status known = RunListing.status(home);
    Map<String, Integer> counts = new TreeMap<>();
    known.counts().forEach((state, n) -> counts.put(state.name().toLowerCase(Locale.ROOT), n));
    List<Row> rows = new ArrayList<>();
    Filter open = Filter.in(RunState.RUNNING, RunState.QUEUED, RunState.PARKED);
    boolean any = known.counts().keySet().stream().anyMatch(open.states()::contains);
    for (Run run :
        any
            ? RunListing.find(home, new RunListing.Query(open, Sort.STATE, MOST))
            : List.<Run>of()) {
      @Nullable Live live = Live.of(run, home);
      rows.add(
          new Row(
              run.id(),
              run.shown().name().toLowerCase(Locale.ROOT),
              live == null ? waiting(run) : live + running(run),
              run.message()));
    }
    return new Status(
        served ? coordinator.map(c -> c.address().toString()).orElse(null) : null,
        counts,
        known.slots(),
        rows);
  }

  /** What keeps a run waiting whose turn has come. */
  private static @Nullable String waiting(Run run) {
    return run.state() == run.shown()
        ? null
        : run.steps().stream()
            .filter(step -> step.state() == RunState.QUEUED)
            .findFirst()
            .map(step -> step.name().key() + " waits for a device, or for another run's output")
            .orElse(null);
  }

  private static String running(Run run) {
    Duration since = Duration.between(run.created(), InstantSource.system().instant());
    return ", asked for " + ConsoleProgress.clock(Math.max(0.0, since.toMillis() / 1e3)) + " ago";
  }

  private static void print(Status status, PrintWriter out) {
    out.println(
        status.coordinator() == null
            ? "no coordinator is running; voxbench serve works on what waits"
            : "coordinator: " + status.coordinator());
    if (status.runs().isEmpty()) {
      out.println("no run yet: start one with voxbench run FILE");
      return;
    }
    StringBuilder counts = new StringBuilder("runs:");
    status.runs().forEach((state, n) -> counts.append(' ').append(n).append(' ').append(state));
    out.println(counts);
    status
        .slots()
        .forEach((slot, use) -> out.printf("%-8s%s%n", slot, use.isEmpty() ? "free" : use));
    int width = status.open().stream().mapToInt(r -> r.run().length()).max().orElse(0) + 2;
    for (Row row : status.open()) {
      out.printf(
          "%-" + width + "s%-9s%s%n",
          row.run(),
          row.state(),
          row.activity() != null ? row.activity() : row.message() == null ? "" : row.message());
    }
  }
}
