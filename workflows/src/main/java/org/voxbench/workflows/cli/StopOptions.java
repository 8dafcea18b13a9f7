package org.voxbench.workflows.cli;

import java.util.List;
import org.voxbench.workflows.Home;
import org.voxbench.workflows.cli.shared.ExitCode;
import org.voxbench.workflows.cli.shared.HomeOption;
import org.voxbench.workflows.coordinator.Coordinators;
import org.voxbench.workflows.coordinator.RunFiles;
import org.voxbench.workflows.run.Stops;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** What {@code pause} and {@code cancel} share: they ask runs to stop, one after the other. */
final class StopOptions {

  @Parameters(paramLabel = "RUN", arity = "1..*", description = "ids of runs, such as quickstart-1")
  private List<String> ids = List.of();

  @Mixin private final HomeOption home = new HomeOption();

  @Spec(Target.MIXEE)
  private CommandSpec spec;

  /**
   * Asks each run to stop.
   *
   * @param told what is printed behind {@code run ID: }, and before the id once more
   */
  int stop(Stops.Why why, String told) throws Exception {
    Home folder = home.home();
    for (String id : ids) {
      RunFiles.read(folder, id);
      Coordinators.meet(folder, coordinator -> coordinator.stop(id, why));
      spec.commandLine().getOut().println("run " + id + ": " + told + " " + id + folder.option());
    }
    spec.commandLine().getOut().flush();
    return ExitCode.DONE;
  }
}
