package org.voxbench.workflows.cli.tracking;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Copies experiments of the embedded tracking server to another one. */
@Command(
    name = "export",
    mixinStandardHelpOptions = true,
    description = {
      "Copies experiments of the embedded tracking server to any MLflow server:",
      "runs with all points, parameters, tags, datasets and artifacts, logged models, registered"
          + " models with versions and aliases.",
      "Stop it at any time: the same command goes on, and copies nothing twice."
    })
final class TrackingExportCommand implements Callable<Integer> {

  @Mixin private final TrackingCopy copy = new TrackingCopy();

  @Override
  public Integer call() throws IOException {
    return copy.copy(false);
  }
}
