package org.voxbench.workflows.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints one run. */
@Command(
    name = "show",
    mixinStandardHelpOptions = true,
    description = "Shows one run: scores, steps and where its report is.")
final class ShowCommand implements Callable<Integer> {

  @Parameters(paramLabel = "RUN", description = "id of the run, such as quickstart-1")
  private String id = "";

  @Option(names = "--json", description = "print one JSON object instead")
  private boolean json;

  @Mixin private final HomeOption home = new HomeOption();
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    RunSummary summary = RunSummary.of(RunFiles.read(home.home(), id), home.home());
    if (json) {
      spec.commandLine().getOut().println(summary.json());
    } else {
      summary.print(spec.commandLine().getOut());
    }
    spec.commandLine().getOut().flush();
    return Main.DONE;
  }
}
