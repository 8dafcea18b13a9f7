package org.voxbench.workflows.shipping;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.voxbench.steps.network.Format;
import org.voxbench.steps.network.Networks;

/**
 * A published checkpoint in the layout of MLflow's PyTorch flavour, so that {@code
 * mlflow.pytorch.load_model} and {@code mlflow.pyfunc.load_model} load it: a TorchScript program
 * with its weights.
 */
final class ModelFiles implements AutoCloseable {

  static final String FOLDER = "model";

  private static final String DESCRIPTION =
      """
      flavors:
        pytorch:
          model_data: data
          pytorch_version: 2.7.1
        python_function:
          loader_module: mlflow.pytorch
          data: data
          pickle_module_name: mlflow.pytorch.pickle_module
          model_config:
            device: null
          python_version: 3.11.0
      """;

  private final Path folder;

  private ModelFiles(Path folder) {
    this.folder = folder;
  }

  /**
   * Writes the files.
   *
   * @param checkpoint folder with {@code model.safetensors} and {@code network.json}
   */
  static ModelFiles write(Path checkpoint) throws IOException {
    Path folder = Files.createTempDirectory("voxbench-model");
    ModelFiles files = new ModelFiles(folder);
    try {
      Networks.transfer(checkpoint, null, Format.TORCHSCRIPT, folder.resolve("model.pth"), true);
      Files.writeString(
          folder.resolve("pickle_module_info.txt"),
          "mlflow.pytorch.pickle_module",
          StandardCharsets.UTF_8);
      Files.writeString(folder.resolve("MLmodel"), DESCRIPTION, StandardCharsets.UTF_8);
      return files;
    } catch (IOException | RuntimeException failed) {
      files.close();
      throw failed;
    }
  }

  /** The files by artifact path; the description comes last, when the rest is there. */
  Map<String, Path> byPath() {
    Map<String, Path> files = new LinkedHashMap<>();
    files.put(FOLDER + "/data/model.pth", folder.resolve("model.pth"));
    files.put(FOLDER + "/data/pickle_module_info.txt", folder.resolve("pickle_module_info.txt"));
    files.put(FOLDER + "/MLmodel", folder.resolve("MLmodel"));
    return files;
  }

  @Override
  public void close() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
