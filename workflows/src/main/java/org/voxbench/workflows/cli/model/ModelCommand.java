package org.voxbench.workflows.cli.model;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Networks and their weights outside a run. */
@Command(
    name = "model",
    mixinStandardHelpOptions = true,
    description = "Describes a network; imports and exports its weights.",
    subcommands = {ModelDescribeCommand.class, ModelImportCommand.class, ModelExportCommand.class})
public final class ModelCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    throw new ParameterException(
        spec.commandLine(), "expected describe, import or export after model");
  }
}
