package org.voxbench.workflows.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Prints one run. */
@Command(
    name = "show",
    mixinStandardHelpOptions = true,
    description = "Shows one run: scores, steps and where its report is.")
final class ShowCommand implements Callable<Integer> {

  @Mixin private final RunArgument run = new RunArgument();
  @Mixin private final ReadOptions options = new ReadOptions();

  @Override
  public Integer call() throws IOException {
    RunSummary summary = RunSummary.of(run.read(options.home()), options.home());
    return options.print(summary, out -> summary.print(out, options.home()));
  }
}
