package org.voxbench.workflows.cli.dataset;

import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The dataset a command works on and what is set beside it. */
final class DatasetOptions {

  @Parameters(
      paramLabel = "DATASET",
      description = "a dataset's or an experiment's YAML file, or a folder or archive of raw scans")
  private Path given = Path.of("");

  @Option(
      names = "--set",
      paramLabel = "PATH=VALUE",
      description = "sets one value, such as dataset.source.path=FOLDER; may be repeated")
  private List<String> overrides = List.of();

  /** Reads and checks it. */
  DatasetArgument read() {
    return DatasetArgument.of(given, overrides);
  }
}
