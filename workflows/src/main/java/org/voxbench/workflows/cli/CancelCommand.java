package org.voxbench.workflows.cli;

import java.util.List;
import java.util.concurrent.Callable;
import org.voxbench.workflows.Home;
import org.voxbench.workflows.run.Stops;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Ends a run for good. */
@Command(
    name = "cancel",
    mixinStandardHelpOptions = true,
    description =
        "Ends a run that waits or is being worked on: its worker saves and stops. What was finished"
            + " stays.")
final class CancelCommand implements Callable<Integer> {

  @Parameters(paramLabel = "RUN", arity = "1..*", description = "ids of runs, such as quickstart-1")
  private List<String> ids = List.of();

  @Mixin private final HomeOption home = new HomeOption();
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    Home folder = home.home();
    for (String id : ids) {
      RunFiles.read(folder, id);
      Coordinators.meet(folder, coordinator -> coordinator.stop(id, Stops.Why.CANCEL));
      spec.commandLine()
          .getOut()
          .println("run " + id + ": cancelled; see it with: voxbench show " + id);
    }
    spec.commandLine().getOut().flush();
    return Main.DONE;
  }
}
