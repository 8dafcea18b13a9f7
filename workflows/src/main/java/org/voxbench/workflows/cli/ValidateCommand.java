package org.voxbench.workflows.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import org.voxbench.workflows.Json;
import org.voxbench.workflows.cli.shared.ExitCode;
import org.voxbench.workflows.cli.shared.ExperimentOptions;
import org.voxbench.workflows.config.ConfigurationException;
import org.voxbench.workflows.config.Problem;
import org.voxbench.workflows.config.SweepFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Checks an experiment without running it. */
@Command(
    name = "validate",
    mixinStandardHelpOptions = true,
    description =
        "Checks an experiment, or a sweep with all its cells, and names everything that is wrong"
            + " with it at once.")
final class ValidateCommand implements Callable<Integer> {

  @Mixin private final ExperimentOptions experiment = new ExperimentOptions();

  @Option(names = "--json", description = "print one JSON object: {\"valid\", \"problems\": [...]}")
  private boolean json;

  private int cells;

  @Spec private CommandSpec spec;

  private record Verdict(boolean valid, List<Problem> problems) {}

  @Override
  public Integer call() throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    List<Problem> problems = problems();
    if (json) {
      out.println(Json.MAPPER.writeValueAsString(new Verdict(problems.isEmpty(), problems)));
    } else if (problems.isEmpty()) {
      out.println(experiment.file() + ": valid" + (cells == 0 ? "" : ", " + cells + " cells"));
    } else {
      problems.forEach(problem -> spec.commandLine().getErr().println(problem));
    }
    out.flush();
    return problems.isEmpty() ? ExitCode.DONE : ExitCode.USAGE;
  }

  private List<Problem> problems() {
    try {
      if (SweepFile.isSweep(experiment.file())) {
        cells = experiment.readSweep().cells().size();
      } else {
        experiment.read();
      }
      return List.of();
    } catch (ConfigurationException e) {
      return e.problems();
    }
  }
}
