package org.voxbench.workflows.cli.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.voxbench.steps.StepName;
import org.voxbench.steps.network.Format;
import org.voxbench.workflows.cli.shared.HomeOption;
import org.voxbench.workflows.coordinator.RunFiles;
import org.voxbench.workflows.dashboard.Outputs;
import org.voxbench.workflows.journal.Run;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes files for PyTorch of weights. */
@Command(
    name = "export",
    mixinStandardHelpOptions = true,
    description = "Writes weights for other programs.",
    footer = {
      "",
      "safetensors  names, shapes, numbers; the network's description in its metadata",
      "pt           a state_dict: torch.load(FILE, weights_only=True), then load_state_dict",
      "torchscript  program and weights: torch.jit.load(FILE)(image) gives the logits",
      "",
      "Example: voxbench model export quickstart-1 --format torchscript --out network.ts"
    })
final class ModelExportCommand implements Callable<Integer> {

  @Parameters(
      paramLabel = "WEIGHTS",
      description =
          "id of a run, a folder with model.safetensors and network.json, or any weights file")
  private String weights = "";

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      required = true,
      description = "${COMPLETION-CANDIDATES} (in lower case, too)")
  private Format format = Format.SAFETENSORS;

  @Mixin private final HomeOption home = new HomeOption();
  @Mixin private final TransferOptions options = new TransferOptions();

  @Override
  public Integer call() throws IOException {
    return options.transfer(source(), format);
  }

  private Path source() throws IOException {
    Path path = Path.of(weights);
    if (Files.exists(path)) {
      return path;
    }
    if (weights.contains("/") || weights.contains(".")) {
      throw new IllegalArgumentException(
          weights + ": expected weights or the id of a run but there is no such file");
    }
    Run run = RunFiles.read(home.home(), weights);
    Path output = Outputs.output(run.step(StepName.CHECKPOINT), home.home());
    if (output == null) {
      throw new IllegalArgumentException(
          "run %s has published no checkpoint yet; go on with it by: voxbench resume %s%s"
              .formatted(weights, weights, home.home().option()));
    }
    return output;
  }
}
