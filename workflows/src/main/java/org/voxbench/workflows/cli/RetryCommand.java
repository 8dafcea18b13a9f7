package org.voxbench.workflows.cli;

import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import org.voxbench.workflows.Home;
import org.voxbench.workflows.cli.shared.ExitCode;
import org.voxbench.workflows.cli.shared.HomeOption;
import org.voxbench.workflows.coordinator.Coordinators;
import org.voxbench.workflows.coordinator.RunFiles;
import org.voxbench.workflows.journal.RunState;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Puts failed runs back into the queue. */
@Command(
    name = "retry",
    mixinStandardHelpOptions = true,
    description = {
      "Puts runs that failed, were parked, lost or cancelled back into the queue.",
      "A serving coordinator works on them at once; finished steps are reused."
    })
final class RetryCommand implements Callable<Integer> {

  private static final Set<RunState> AGAIN =
      EnumSet.of(RunState.FAILED, RunState.PARKED, RunState.LOST, RunState.CANCELLED);

  @Parameters(paramLabel = "RUN", arity = "1..*", description = "ids of runs, such as quickstart-1")
  private List<String> ids = List.of();

  @Mixin private final HomeOption home = new HomeOption();
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    Home folder = home.home();
    for (String id : ids) {
      RunState state = RunFiles.read(folder, id).state();
      if (!AGAIN.contains(state)) {
        throw new IllegalArgumentException(
            "run "
                + id
                + ": expected one that failed, was parked, lost or cancelled but found one that is "
                + state.name().toLowerCase(Locale.ROOT)
                + (state == RunState.STOPPED
                    ? "; go on with it by: voxbench resume " + id + folder.option()
                    : ""));
      }
      Coordinators.meet(folder, coordinator -> coordinator.resume(id));
      spec.commandLine()
          .getOut()
          .println(
              "run "
                  + id
                  + (Coordinators.isServed(folder)
                      ? ": queued"
                      : ": queued; work on it with voxbench resume "
                          + id
                          + folder.option()
                          + ", or start voxbench serve"
                          + folder.option()));
    }
    spec.commandLine().getOut().flush();
    return ExitCode.DONE;
  }
}
