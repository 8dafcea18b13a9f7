package org.voxbench.workflows.cli.dataset;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.voxbench.steps.dataset.PreparationPlan;
import org.voxbench.steps.preprocess.DatasetAnalysis;
import org.voxbench.steps.preprocess.NetworkPlan;
import org.voxbench.steps.preprocess.PreprocessSettings;
import org.voxbench.workflows.cli.shared.CommandListener;
import org.voxbench.workflows.cli.shared.ExitCode;
import org.voxbench.workflows.cli.shared.HomeOption;
import org.voxbench.workflows.cli.shared.Interruption;
import org.voxbench.workflows.config.ExperimentFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Plans preprocessing and network for a dataset. */
@Command(
    name = "plan",
    mixinStandardHelpOptions = true,
    description = {
      "Plans spacing, normalisation, patch and batch from a dataset's fingerprint, by the published"
          + " rules and within a memory budget.",
      "A plan is given back as dataset.plan, or as a file: --set dataset.plan.file=plan.yaml."
    })
final class DatasetPlanCommand implements Callable<Integer> {

  @Mixin private final DatasetOptions options = new DatasetOptions();

  @Option(
      names = "--memory",
      paramLabel = "SIZE",
      description =
          "memory of the device that will train, such as 24GiB (default: resources.memory)")
  private @Nullable String memory;

  @Mixin private final DatasetView view = new DatasetView();
  @Mixin private final HomeOption home = new HomeOption();
  @Spec private CommandSpec spec;

  private record Planned(JsonNode declared, NetworkPlan network, PreparationPlan preparation) {}

  @Override
  public Integer call() throws IOException {
    DatasetArgument dataset = options.read();
    long bytes = memory == null ? dataset.resources().memoryBytes() : memoryBytes(memory);
    Interruption stop = Interruption.listening();
    CommandListener listener = new CommandListener(spec.commandLine().getErr());
    try (RawScans scans = new RawScans(home.home(), listener, stop)) {
      Planned mine = plan(dataset, scans, bytes);
      Path other = view.other();
      if (other == null) {
        view.show(mine.declared(), heading(dataset, mine, bytes), spec.commandLine().getOut());
      } else {
        view.showDifferences(
            other(other, scans, bytes), mine.declared(), spec.commandLine().getOut());
      }
      return ExitCode.DONE;
    } finally {
      stop.saved();
    }
  }

  private static long memoryBytes(String size) {
    try {
      return ExperimentFile.bytes(size);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("--memory: " + e.getMessage(), e);
    }
  }

  private static Planned plan(DatasetArgument dataset, RawScans scans, long bytes)
      throws IOException {
    Analyst measured = Analyst.of(dataset, scans);
    // What a declared plan says is not asked: the figures shall be the data's own.
    PreprocessSettings open =
        new PreprocessSettings(
            null, null, dataset.settings().affine(), dataset.settings().badCases());
    PreparationPlan preparation = DatasetAnalysis.plan(measured.fingerprint(), open);
    NetworkPlan network =
        DatasetAnalysis.network(
            measured.fingerprint(), preparation, measured.request().labels().size(), bytes);
    return new Planned(DatasetAnalysis.declared(preparation, network), network, preparation);
  }

  private static JsonNode other(Path given, RawScans scans, long bytes) throws IOException {
    if (Files.isRegularFile(given) && given.toString().matches(".*\\.ya?ml")) {
      Optional<JsonNode> plan = ExperimentFile.readPlan(given);
      if (plan.isPresent()) {
        return plan.get();
      }
    }
    DatasetArgument dataset = DatasetArgument.of(given, List.of());
    return dataset.plan().isPresent()
        ? dataset.plan().get()
        : plan(dataset, scans, bytes).declared();
  }

  private static String heading(DatasetArgument dataset, Planned plan, long bytes) {
    return """
    # Plan for %s, made from its fingerprint for a device of %.1f GiB; the median case has %s voxels then.
    # A training step takes about %.1f GiB in float32 (an estimate for the CPU, good to 15 %%).
    # Use it as dataset.plan, or with --set dataset.plan.file=FILE.
    """
        .formatted(
            dataset.name(),
            gibibytes(bytes),
            List.of(
                plan.preparation().medianShape().z(),
                plan.preparation().medianShape().y(),
                plan.preparation().medianShape().x()),
            gibibytes(plan.network().trainingBytes()));
  }

  private static double gibibytes(long bytes) {
    return bytes / (double) (1L << 30);
  }
}
