package org.voxbench.workflows.cli;

import java.util.concurrent.Callable;
import org.voxbench.workflows.run.Stops;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Ends a run for good. */
@Command(
    name = "cancel",
    mixinStandardHelpOptions = true,
    description =
        "Ends a run that waits or is being worked on: its worker saves and stops. What was finished"
            + " stays.")
final class CancelCommand implements Callable<Integer> {

  @Mixin private final StopOptions options = new StopOptions();

  @Override
  public Integer call() throws Exception {
    return options.stop(Stops.Why.CANCEL, "cancelled; see it with: voxbench show");
  }
}
