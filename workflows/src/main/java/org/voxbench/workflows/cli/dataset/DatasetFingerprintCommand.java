package org.voxbench.workflows.cli.dataset;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.voxbench.steps.preprocess.Fingerprint;
import org.voxbench.workflows.Json;
import org.voxbench.workflows.cli.shared.CommandListener;
import org.voxbench.workflows.cli.shared.ExitCode;
import org.voxbench.workflows.cli.shared.HomeOption;
import org.voxbench.workflows.cli.shared.Interruption;
import org.voxbench.workflows.config.ExperimentFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Measures a dataset. */
@Command(
    name = "fingerprint",
    mixinStandardHelpOptions = true,
    description =
        "Measures shapes, spacings, foreground intensities and class sizes of all labelled cases.")
final class DatasetFingerprintCommand implements Callable<Integer> {

  @Mixin private final DatasetOptions options = new DatasetOptions();
  @Mixin private final DatasetView view = new DatasetView();
  @Mixin private final HomeOption home = new HomeOption();
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    DatasetArgument dataset = options.read();
    Interruption stop = Interruption.listening();
    CommandListener listener = new CommandListener(spec.commandLine().getErr());
    try (RawScans scans = new RawScans(home.home(), listener, stop)) {
      JsonNode mine = tree(Analyst.of(dataset, scans).fingerprint());
      Path other = view.other();
      if (other == null) {
        String heading =
            "# Fingerprint of %s: shapes and spacings (z, y, x), spacings in mm%n"
                .formatted(dataset.name());
        view.show(mine, heading, spec.commandLine().getOut());
      } else {
        view.showDifferences(other(other, scans), mine, spec.commandLine().getOut());
      }
      return ExitCode.DONE;
    } finally {
      stop.saved();
    }
  }

  private static JsonNode other(Path given, RawScans scans) throws IOException {
    if (Files.isRegularFile(given) && given.toString().matches(".*\\.ya?ml")) {
      JsonNode file = ExperimentFile.readTree(given);
      if (file.has("scans") && file.has("intensities")) {
        return file;
      }
    }
    return tree(Analyst.of(DatasetArgument.of(given, List.of()), scans).fingerprint());
  }

  private static JsonNode tree(Fingerprint fingerprint) {
    return Json.MAPPER.valueToTree(fingerprint);
  }
}
