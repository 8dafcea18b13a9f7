package org.voxbench.workflows.cli;

import java.util.concurrent.Callable;
import org.voxbench.workflows.run.Stops;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Has a run save and wait. */
@Command(
    name = "pause",
    mixinStandardHelpOptions = true,
    description = "Has a run save and stop until voxbench resume goes on with it.")
final class PauseCommand implements Callable<Integer> {

  @Mixin private final StopOptions options = new StopOptions();

  @Override
  public Integer call() throws Exception {
    return options.stop(Stops.Why.PAUSE, "pausing; go on with: voxbench resume");
  }
}
