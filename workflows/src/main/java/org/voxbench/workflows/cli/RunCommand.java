package org.voxbench.workflows.cli;

import java.util.concurrent.Callable;
import org.voxbench.workflows.cli.shared.ExperimentOptions;
import org.voxbench.workflows.config.Experiment;
import org.voxbench.workflows.coordinator.Order;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs an experiment from its first step to its report. */
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    description = {
      "Runs an experiment: download, preprocess, train, checkpoint, evaluate, report.",
      "Steps whose settings and inputs are as in an earlier run are reused. Ctrl-C saves and stops;"
          + " run the same file again, or use resume, to go on."
    })
final class RunCommand implements Callable<Integer> {

  @Mixin private final ExperimentOptions options = new ExperimentOptions();
  @Mixin private final RunOptions run = new RunOptions();

  @Option(
      names = "--priority",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "of two waiting runs the one with the higher number is taken first; -1000 to 1000")
  private int priority;

  @Override
  public Integer call() throws Exception {
    Experiment experiment = options.read();
    return run.follow(
        coordinator ->
            coordinator.submit(new Order(experiment, options.file(), priority, null, null)));
  }
}
