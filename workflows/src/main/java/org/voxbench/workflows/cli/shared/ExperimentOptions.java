package org.voxbench.workflows.cli.shared;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.voxbench.workflows.config.Experiment;
import org.voxbench.workflows.config.ExperimentFile;
import org.voxbench.workflows.config.Sweep;
import org.voxbench.workflows.config.SweepFile;
import org.voxbench.workflows.coordinator.Steps;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The experiment a command works on: a file and what is set beside it. */
public final class ExperimentOptions {

  @Parameters(paramLabel = "FILE", description = "the experiment's YAML file")
  private Path file = Path.of("");

  @Option(
      names = "--set",
      paramLabel = "PATH=VALUE",
      description = "sets one value, such as train.epochs=2; may be repeated")
  private List<String> overrides = List.of();

  /** As given: neither read nor checked. */
  public Path file() {
    return file;
  }

  /** Reads and checks it. */
  public Experiment read() {
    return reader().read(file, overrides);
  }

  /** Reads and checks the sweep that the file declares instead, all cells of it. */
  public Sweep readSweep() {
    return new SweepFile(Steps.all(Path.of("")).requestTypes()).read(file, overrides, Map.of());
  }

  /** Reads experiments made of the steps that there are. */
  public static ExperimentFile reader() {
    return new ExperimentFile(Steps.all(Path.of("")).requestTypes());
  }
}
