package org.voxbench.workflows.cli.sweep;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.voxbench.workflows.config.Sweep;
import org.voxbench.workflows.config.SweepFile;
import org.voxbench.workflows.coordinator.Steps;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The sweep a command works on: a file and what is set beside it. */
final class SweepOptions {

  @Parameters(paramLabel = "FILE", description = "the sweep's YAML file")
  private Path file = Path.of("");

  @Option(
      names = "--set",
      paramLabel = "PATH=VALUE",
      description = "sets one value in every cell, such as train.epochs=2; may be repeated")
  private List<String> overrides = List.of();

  @Option(
      names = "--data",
      paramLabel = "NAME=FOLDER",
      description = "gives a choice of the matrix its real data, such as acdc=/data/acdc")
  private Map<String, Path> data = Map.of();

  Path file() {
    return file;
  }

  /** Reads and checks it. */
  Sweep read() {
    return new SweepFile(Steps.all(Path.of("")).requestTypes()).read(file, overrides, data);
  }
}
