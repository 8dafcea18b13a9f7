package org.voxbench.workflows.cli.tracking;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.voxbench.workflows.Home;
import org.voxbench.workflows.Json;
import org.voxbench.workflows.cli.shared.ExitCode;
import org.voxbench.workflows.cli.shared.HomeOption;
import org.voxbench.workflows.coordinator.CoordinatorLock;
import org.voxbench.workflows.coordinator.HomeInUseException;
import org.voxbench.workflows.coordinator.RemoteCoordinator;
import org.voxbench.workflows.coordinator.RunFiles;
import org.voxbench.workflows.coordinator.ShippingApi;
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

  private static final long LOOK_EVERY_MILLIS = 500;

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
    Optional<RemoteCoordinator> coordinator = RemoteCoordinator.answering(folder);
    if (coordinator.isPresent()) {
      byte[] asked = Json.MAPPER.writeValueAsBytes(new ShippingApi.Ship(chosen));
      coordinator.get().change("POST", "/api/tracking/ship", asked);
      out.println("the coordinator tells them; Ctrl-C leaves it to it");
      out.flush();
      await(folder, chosen);
    } else {
      ship(folder, targets, chosen);
    }
    return outcome(rows(folder, chosen));
  }

  private int outcome(List<ShipmentStatus> rows) {
    PrintWriter out = spec.commandLine().getOut();
    List<ShipmentStatus> behind = rows.stream().filter(row -> !row.complete()).toList();
    behind.forEach(row -> out.println("not told wholly: " + row.run() + " to " + row.server()));
    rows.forEach(
        row -> row.refused().forEach(what -> out.println("refused: " + row.run() + ": " + what)));
    if (!behind.isEmpty()) {
      out.println("the rest waits: " + why(behind));
    } else if (rows.stream().allMatch(row -> row.refused().isEmpty())) {
      out.println("all is told");
    } else {
      out.println("all is told but for what was refused; ship again once that is mended");
    }
    out.flush();
    return behind.isEmpty() ? ExitCode.DONE : ExitCode.FAILED;
  }

  private void ship(Home folder, TrackingTarget targets, List<String> runs) throws IOException {
    CoordinatorLock lock =
        CoordinatorLock.tryTake(folder).orElseThrow(() -> new HomeInUseException(folder));
    PrintWriter out = spec.commandLine().getOut();
    try (lock;
        TrackingShipper shipper = new TrackingShipper(folder, targets)) {
      shipper.backlog().stream()
          .filter(backlog -> backlog.runs() > 0)
          .forEach(b -> out.println(b.runs() + " run(s) for " + b.uri()));
      out.flush();
      shipper.tellNow(runs);
      shipper.finish();
    }
  }

  /** Until all is told, or a server fails. */
  private static void await(Home folder, List<String> runs) throws IOException {
    try {
      // The coordinator has seen by then that something is to be tried again.
      Thread.sleep(2 * LOOK_EVERY_MILLIS);
      List<ShipmentStatus> behind = behind(folder, runs);
      while (behind.stream().anyMatch(row -> row.problem().isEmpty())) {
        Thread.sleep(LOOK_EVERY_MILLIS);
        behind = behind(folder, behind.stream().map(ShipmentStatus::run).distinct().toList());
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  private static List<ShipmentStatus> behind(Home folder, List<String> runs) throws IOException {
    return rows(folder, runs).stream().filter(row -> !row.complete()).toList();
  }

  private static List<ShipmentStatus> rows(Home folder, List<String> runs) throws IOException {
    return ShipmentStatus.of(folder, runs).stream()
        .filter(row -> !row.server().equals("embedded"))
        .toList();
  }

  private static String why(List<ShipmentStatus> behind) {
    return behind.stream()
        .map(ShipmentStatus::problem)
        .filter(problem -> !problem.isEmpty())
        .findFirst()
        .orElse("try again later");
  }
}
