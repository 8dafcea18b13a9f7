package org.voxbench.workflows.cli.bench;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Measurements on this machine. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description = "Measures what parts of Voxbench cost on this machine.",
    subcommands = {
      BenchEngineCommand.class,
      BenchModelCommand.class,
      BenchPreprocessCommand.class,
      BenchTrackingCommand.class
    })
public final class BenchCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    throw new ParameterException(
        spec.commandLine(),
        "bench: expected one of " + String.join(", ", spec.subcommands().keySet()));
  }
}
