package org.voxbench.workflows.cli.tracking;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Copies experiments of another tracking server into the embedded one. */
@Command(
    name = "import",
    mixinStandardHelpOptions = true,
    description = {
      "Copies experiments of any MLflow server into the embedded one:",
      "runs with all points, parameters, tags, datasets and artifacts, logged models, registered"
          + " models with versions and aliases.",
      "Stop it at any time: the same command goes on, and copies nothing twice."
    })
final class TrackingImportCommand implements Callable<Integer> {

  @Mixin private final TrackingCopy copy = new TrackingCopy();

  @Override
  public Integer call() throws IOException {
    return copy.copy(true);
  }
}
