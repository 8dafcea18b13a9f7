package org.voxbench.workflows.cli.tracking;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.voxbench.workflows.Home;
import org.voxbench.workflows.cli.shared.ExitCode;
import org.voxbench.workflows.cli.shared.HomeOption;
import org.voxbench.workflows.coordinator.CoordinatorLock;
import org.voxbench.workflows.coordinator.HomeInUseException;
import org.voxbench.workflows.coordinator.RunFiles;
import org.voxbench.workflows.journal.Run;
import org.voxbench.workflows.shipping.ShipmentStatus;
import org.voxbench.workflows.shipping.TrackingShipper;
import org.voxbench.workflows.shipping.TrackingTarget;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Tells servers what waits for them. */
@Command(
    name = "ship",
    mixinStandardHelpOptions = true,
    description = {
      "Tells the runs' tracking servers what they do not know yet. With --uri, names the server of",
      "these runs (all where none is given) first: so runs are exported to a server later."
    })
final class TrackingShipCommand implements Callable<Integer> {

  @Parameters(paramLabel = "RUN", arity = "0..*", description = "ids of runs")
  private List<String> ids = new ArrayList<>();

  @Option(names = "--uri", paramLabel = "URI", description = "an MLflow tracking server")
  private @Nullable String uri;

  @Mixin private final HomeOption home = new HomeOption();
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    Home folder = home.home().prepared();
    PrintWriter out = spec.commandLine().getOut();
    TrackingTarget targets = new TrackingTarget(System.getenv());
    List<String> chosen = ids.isEmpty() ? RunFiles.all(folder).stream().map(Run::id).toList() : ids;
    for (String id : chosen) {
      RunFiles.read(folder, id);
      if (uri != null) {
        targets.keep(folder.run(id), Optional.of(uri));
      }
    }
    CoordinatorLock lock =
        CoordinatorLock.tryTake(folder).orElseThrow(() -> new HomeInUseException(folder));
    for (String id : chosen) {
      ShipmentStatus.retryRefused(folder, id);
    }
    try (lock;
        TrackingShipper shipper = new TrackingShipper(folder, targets)) {
      shipper.backlog().stream()
          .filter(backlog -> backlog.runs() > 0)
          .forEach(b -> out.println(b.runs() + " run(s) for " + b.uri()));
      out.flush();
      shipper.finish();
    }
    List<ShipmentStatus> rows =
        ShipmentStatus.all(folder).stream()
            .filter(row -> chosen.contains(row.run()) && !row.server().equals("embedded"))
            .toList();
    List<ShipmentStatus> behind = rows.stream().filter(row -> !row.complete()).toList();
    behind.forEach(row -> out.println("not told wholly: " + row.run() + " to " + row.server()));
    rows.forEach(
        row -> row.refused().forEach(what -> out.println("refused: " + row.run() + ": " + what)));
    boolean all = rows.stream().allMatch(row -> row.refused().isEmpty());
    out.println(
        behind.isEmpty()
            ? all
                ? "all is told"
                : "all is told but for what was refused; ship again once that is mended"
            : "the rest waits: try again later");
    out.flush();
    return behind.isEmpty() ? ExitCode.DONE : ExitCode.FAILED;
  }
}
