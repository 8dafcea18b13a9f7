package org.voxbench.workflows.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.voxbench.workflows.Json;
import org.voxbench.workflows.journal.Run;
import org.voxbench.workflows.journal.StepRun;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Says why each step of a run was reused or done. */
@Command(
    name = "explain",
    mixinStandardHelpOptions = true,
    description = "Says for each step of a run why it was reused or had to be done.")
final class ExplainCommand implements Callable<Integer> {

  @Parameters(paramLabel = "RUN", description = "id of the run, such as quickstart-1")
  private String id = "";

  @Option(names = "--json", description = "print a JSON array of steps instead")
  private boolean json;

  @Mixin private final HomeOption home = new HomeOption();
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    Run run = RunFiles.read(home.home(), id);
    if (json) {
      out.println(Json.MAPPER.writeValueAsString(run.steps()));
    } else {
      for (StepRun step : run.steps()) {
        out.printf("%-12s%s%n", step.name().key(), explanation(step));
      }
    }
    out.flush();
    return Main.DONE;
  }

  private static String explanation(StepRun step) {
    if (step.reason() == null) {
      return step.state().name().toLowerCase(Locale.ROOT) + ", nothing decided yet";
    }
    return (step.reused() ? "hit, " : "miss, ") + step.reason();
  }
}
