package org.voxbench.workflows.cli;

import java.util.concurrent.Callable;
import org.voxbench.workflows.config.Experiment;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

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

  @Override
  public Integer call() throws Exception {
    Experiment experiment = options.read();
    return run.follow(coordinator -> coordinator.submit(experiment, options.file()));
  }
}
