package org.voxbench.workflows.cli.tracking;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.voxbench.workflows.Json;
import org.voxbench.workflows.cli.shared.ExitCode;
import org.voxbench.workflows.cli.shared.HomeOption;
import org.voxbench.workflows.shipping.ShipmentStatus;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows what tracking servers were told and what waits. */
@Command(
    name = "status",
    mixinStandardHelpOptions = true,
    description =
        "Shows for each run and tracking server what it was told, what waits and what it refused.")
final class TrackingStatusCommand implements Callable<Integer> {

  @Option(names = "--json", description = "print a JSON array instead")
  private boolean json;

  @Mixin private final HomeOption home = new HomeOption();
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    List<ShipmentStatus> rows = ShipmentStatus.all(home.home());
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(Json.MAPPER.writeValueAsString(rows));
    } else if (rows.isEmpty()) {
      out.println("no run yet in " + home.home().root());
    } else {
      out.printf(
          "%-28s%-32s%-12s%16s%8s%8s%14s%n",
          "run", "server", "told", "bytes waiting", "files", "waiting", "MB waiting");
      rows.forEach(row -> print(row, out));
    }
    out.flush();
    return ExitCode.DONE;
  }

  private static void print(ShipmentStatus row, PrintWriter out) {
    out.printf(
        Locale.ROOT,
        "%-28s%-32s%-12s%16d%8d%8d%14.1f%n",
        row.run(),
        row.server(),
        row.complete() && row.refused().isEmpty() ? "all" : row.complete() ? "all but" : "in part",
        row.eventBytesWaiting(),
        row.files().told(),
        row.files().waiting(),
        row.files().bytesWaiting() / 1e6);
    row.refused().forEach(refused -> out.println("    refused: " + refused));
    if (!row.problem().isEmpty()) {
      out.println("    waits: " + row.problem());
    }
  }
}
