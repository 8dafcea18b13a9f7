package org.voxbench.workflows.cli;

import java.util.concurrent.Callable;
import org.voxbench.workflows.coordinator.RunFiles;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Goes on with a run that did not finish. */
@Command(
    name = "resume",
    mixinStandardHelpOptions = true,
    description =
        "Goes on with a run: finished steps are reused, a training goes on from its last"
            + " checkpoint.")
final class ResumeCommand implements Callable<Integer> {

  @Parameters(paramLabel = "RUN", description = "id of the run, such as quickstart-1")
  private String id = "";

  @Mixin private final RunOptions run = new RunOptions();

  @Override
  public Integer call() throws Exception {
    RunFiles.read(run.home(), id);
    return run.follow(coordinator -> coordinator.resume(id));
  }
}
