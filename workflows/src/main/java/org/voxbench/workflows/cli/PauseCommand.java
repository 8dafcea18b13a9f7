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

/** Has a run save and wait. */
@Command(
    name = "pause",
    mixinStandardHelpOptions = true,
    description = "Has a run save and stop until voxbench resume goes on with it.")
final class PauseCommand implements Callable<Integer> {

  @Parameters(paramLabel = "RUN", arity = "1..*", description = "ids of runs, such as quickstart-1")
  private List<String> ids = List.of();

  @Mixin private final HomeOption home = new HomeOption();
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    Home folder = home.home();
    for (String id : ids) {
      RunFiles.read(folder, id);
      Coordinators.meet(folder, coordinator -> coordinator.stop(id, Stops.Why.PAUSE));
      spec.commandLine()
          .getOut()
          .println("run " + id + ": pausing; go on with: voxbench resume " + id);
    }
    spec.commandLine().getOut().flush();
    return Main.DONE;
  }
}
