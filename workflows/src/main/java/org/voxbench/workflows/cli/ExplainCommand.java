package org.voxbench.workflows.cli;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.voxbench.workflows.journal.StepRun;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Says why each step of a run was reused or done. */
@Command(
    name = "explain",
    mixinStandardHelpOptions = true,
    description = "Says for each step of a run why it was reused or had to be done.")
final class ExplainCommand implements Callable<Integer> {

  @Mixin private final RunArgument run = new RunArgument();
  @Mixin private final ReadOptions options = new ReadOptions();

  @Override
  public Integer call() throws IOException {
    List<StepRun> steps = run.read(options.home()).steps();
    return options.print(
        steps,
        out ->
            steps.forEach(step -> out.printf("%-12s%s%n", step.name().key(), explanation(step))));
  }

  private static String explanation(StepRun step) {
    if (step.reason() == null) {
      return step.state().name().toLowerCase(Locale.ROOT) + ", nothing decided yet";
    }
    return (step.reused() ? "hit, " : "miss, ") + step.reason();
  }
}
