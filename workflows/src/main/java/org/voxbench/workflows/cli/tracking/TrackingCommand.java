package org.voxbench.workflows.cli.tracking;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What concerns tracking servers. */
@Command(
    name = "tracking",
    mixinStandardHelpOptions = true,
    description = "Shows what tracking servers were told, and looks after the embedded one.",
    subcommands = {
      TrackingStatusCommand.class,
      TrackingShipCommand.class,
      TrackingImportCommand.class,
      TrackingExportCommand.class,
      TrackingConformanceCommand.class,
      TrackingGcCommand.class
    })
public final class TrackingCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    throw new ParameterException(
        spec.commandLine(),
        "tracking: expected one of " + String.join(", ", spec.subcommands().keySet()));
  }
}
