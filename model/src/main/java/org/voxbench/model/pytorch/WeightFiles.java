package org.voxbench.model.pytorch;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import org.voxbench.model.Tensor;
import org.voxbench.model.UnetrPlusPlusConfig;
import org.voxbench.model.Weights;

/** Reads weights of any kind and writes PyTorch's. Nothing in a file is ever executed. */
public final class WeightFiles {

  private WeightFiles() {}

  /**
   * Reads a published checkpoint ({@code model_final_checkpoint.model}), a {@code state_dict}, or
   * safetensors; the kind is seen from the content. Half and double precision become float32; all
   * else is bit for bit as in the file. What stands beside the weights is read over.
   *
   * @throws UnreadableWeightsException where the file is damaged, of another kind, or asks for
   *     anything but tensors and plain values
   */
  public static WeightFile read(Path file) throws IOException {
    byte[] start = start(file);
    if (start.length >= 9 && start[8] == '{') {
      return safetensors(file);
    }
    if (start.length < 4) {
      throw new UnreadableWeightsException(
          file, "has only %d bytes; expected a PyTorch checkpoint".formatted(start.length));
    }
    if (start[0] == 'P' && start[1] == 'K') {
      return read(file, ZipCheckpoint.open(file));
    }
    if (start[0] == Opcode.PROTO.code() && start[2] == Opcode.LONG1.code()) {
      return read(file, LegacyCheckpoint.open(file));
    }
    throw new UnreadableWeightsException(
        file,
        "is neither a PyTorch checkpoint (zip or legacy) nor safetensors: its first bytes are "
            + hex(start));
  }

  /** Writes what {@code torch.load(weights_only=True)} reads: names and tensors in their order. */
  public static void writeStateDict(Weights weights, Path file) throws IOException {
    StateDictWriter.write(weights, file);
  }

  /**
   * Writes what {@code torch.jit.load} runs: {@code forward(x)} gives the logits (batch, classes,
   * z, y, x) in float32 of an image (batch, channels, z, y, x), in evaluation mode; computed in the
   * image's type. Weights are its parameters and buffers under the published names.
   *
   * @throws IllegalArgumentException where the weights belong to another network
   */
  public static void writeTorchScript(Weights weights, UnetrPlusPlusConfig network, Path file)
      throws IOException {
    TorchScriptWriter.write(weights, network, file);
  }

  private static WeightFile safetensors(Path file) throws IOException {
    try {
      return new WeightFile(Weights.read(file), "safetensors", -1, "");
    } catch (IOException e) {
      throw new UnreadableWeightsException(e);
    }
  }

  private static WeightFile read(Path file, Storages open) throws IOException {
    try (Storages source = open) {
      StateDict state = new StateDict(file, source);
      Map<String, Tensor> tensors = state.tensors();
      String conversion =
          state.converted().stream()
              .map(type -> type + " to float32")
              .collect(Collectors.joining(", "));
      return new WeightFile(Weights.of(tensors), source.form(), state.epoch(), conversion);
    }
  }

  private static byte[] start(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(16);
    }
  }

  private static String hex(byte[] bytes) {
    StringBuilder text = new StringBuilder();
    for (byte one : bytes) {
      text.append("%02x ".formatted(one));
    }
    return text.toString().strip();
  }
}
