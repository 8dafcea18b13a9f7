package org.voxbench.workflows.cli.model;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.voxbench.steps.network.Format;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Makes safetensors of a published checkpoint. */
@Command(
    name = "import",
    mixinStandardHelpOptions = true,
    description =
        "Reads a PyTorch checkpoint (zip or legacy) without executing anything in it and writes"
            + " its weights as safetensors.",
    footer = {
      "",
      "Example: voxbench model import model_final_checkpoint.model --variant synapse --out"
          + " model.safetensors"
    })
final class ModelImportCommand implements Callable<Integer> {

  @Parameters(paramLabel = "FILE", description = "model_final_checkpoint.model, a .pt or .pth file")
  private Path file = Path.of("");

  @Mixin private final TransferOptions options = new TransferOptions();

  @Override
  public Integer call() throws IOException {
    return options.transfer(file, Format.SAFETENSORS);
  }
}
