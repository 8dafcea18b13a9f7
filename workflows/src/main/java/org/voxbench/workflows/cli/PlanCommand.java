package org.voxbench.workflows.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.voxbench.steps.StepName;
import org.voxbench.workflows.Home;
import org.voxbench.workflows.Json;
import org.voxbench.workflows.cli.shared.ExitCode;
import org.voxbench.workflows.cli.shared.ExperimentOptions;
import org.voxbench.workflows.cli.shared.HomeOption;
import org.voxbench.workflows.config.Experiment;
import org.voxbench.workflows.coordinator.Steps;
import org.voxbench.workflows.run.Planner;
import org.voxbench.workflows.run.Planner.Decision;
import org.voxbench.workflows.run.StepCatalogue;
import org.voxbench.workflows.run.Store;
import org.voxbench.workflows.run.Store.Published;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Says what a run would do, before it spends anything. */
@Command(
    name = "plan",
    mixinStandardHelpOptions = true,
    description = "Shows the resolved steps, what would be reused and why, and the disk it takes.")
final class PlanCommand implements Callable<Integer> {

  @Mixin private final ExperimentOptions options = new ExperimentOptions();

  @Option(names = "--json", description = "print one JSON object instead")
  private boolean json;

  @Mixin private final HomeOption home = new HomeOption();
  @Spec private CommandSpec spec;

  /** One step: {@code reuse}, {@code run}, or {@code after} the step whose output decides. */
  private record PlannedStep(
      String name, String action, String reason, @Nullable Long bytes, JsonNode request) {}

  private record Plan(
      String experiment, List<PlannedStep> steps, @Nullable Long newBytes, long freeBytes) {}

  @Override
  public Integer call() throws IOException {
    Experiment experiment = options.read();
    Home folder = home.home();
    List<PlannedStep> steps = steps(experiment, new Store(folder.store()));
    Plan plan = new Plan(experiment.name(), steps, newBytes(steps), free(folder));
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(Json.MAPPER.writeValueAsString(plan));
    } else {
      print(plan, out);
    }
    out.flush();
    return ExitCode.DONE;
  }

  private static List<PlannedStep> steps(Experiment experiment, Store store) throws IOException {
    StepCatalogue catalogue = Steps.all(Path.of(""));
    Planner planner = new Planner(catalogue, store);
    Map<StepName, Published> known = new EnumMap<>(StepName.class);
    List<PlannedStep> planned = new ArrayList<>();
    for (StepName name : StepName.values()) {
      JsonNode request = experiment.request(name);
      Optional<StepName> open =
          catalogue.step(name).inputs().stream()
              .filter(input -> !known.containsKey(input))
              .sorted()
              .findFirst();
      if (open.isPresent()) {
        String reason = "depends on the output of " + open.get().key();
        planned.add(new PlannedStep(name.key(), "run", reason, likely(store, name), request));
        continue;
      }
      Map<StepName, Published> inputs = new EnumMap<>(known);
      inputs.keySet().retainAll(catalogue.step(name).inputs());
      Decision decision = planner.decide(name, request, inputs);
      decision.published().ifPresent(output -> known.put(name, output));
      planned.add(
          decision.published().isPresent()
              ? new PlannedStep(name.key(), "reuse", decision.reason(), 0L, request)
              : new PlannedStep(
                  name.key(), "run", decision.reason(), likely(store, name), request));
    }
    return planned;
  }

  /** What the newest output of that step takes: the best guess before anything is computed. */
  private static @Nullable Long likely(Store store, StepName name) throws IOException {
    List<Published> earlier = store.all(name);
    return earlier.isEmpty() ? null : (Long) earlier.get(0).manifest().bytes();
  }

  private static @Nullable Long newBytes(List<PlannedStep> steps) {
    long sum = 0;
    for (PlannedStep step : steps) {
      if (step.bytes() == null) {
        return null;
      }
      sum += step.bytes();
    }
    return sum;
  }

  private static long free(Home home) throws IOException {
    Path folder = home.root();
    while (!Files.exists(folder) && folder.getParent() != null) {
      folder = folder.getParent();
    }
    return Files.getFileStore(folder).getUsableSpace();
  }

  private static void print(Plan plan, PrintWriter out) {
    for (PlannedStep step : plan.steps()) {
      out.printf("%-12s%-8s%s%n", step.name(), step.action(), step.reason());
      out.printf("%-12s        %s%n", "", step.request());
    }
    String needed =
        plan.newBytes() == null
            ? "not known: no earlier run of every step to go by"
            : "about " + mebibytes(plan.newBytes()) + " MiB, going by the newest earlier outputs";
    out.println("disk        " + needed + "; " + mebibytes(plan.freeBytes()) + " MiB are free");
  }

  private static long mebibytes(long bytes) {
    return (bytes + (1 << 20) - 1) >> 20;
  }
}
