package org.voxbench.workflows.cli.dataset;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What can be known of a dataset before it is trained on. */
@Command(
    name = "dataset",
    mixinStandardHelpOptions = true,
    description = "Measures a dataset and plans how to train on it.",
    subcommands = {DatasetFingerprintCommand.class, DatasetPlanCommand.class})
public final class DatasetCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    throw new ParameterException(
        spec.commandLine(),
        "dataset: expected one of " + String.join(", ", spec.subcommands().keySet()));
  }
}
