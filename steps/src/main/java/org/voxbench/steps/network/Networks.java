package org.voxbench.steps.network;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.voxbench.model.Counting;
import org.voxbench.model.Precision;
import org.voxbench.model.TrainingMemory;
import org.voxbench.model.TrainingOptions;
import org.voxbench.model.UnetrPlusPlusConfig;
import org.voxbench.model.Weights;
import org.voxbench.model.pytorch.WeightFile;
import org.voxbench.model.pytorch.WeightFiles;
import org.voxbench.steps.checkpoint.NetworkDescription;
import org.voxbench.steps.checkpoint.PublishCheckpoint;

/** Describes networks, and carries their weights between file formats. Loads no native library. */
public final class Networks {

  private Networks() {}

  /**
   * Layers, shapes, parameters and operations of a network.
   *
   * @param network a variant, a {@code network.json}, its folder, or a weights file
   * @throws IllegalArgumentException where it is none of them
   */
  public static Description describe(String network) throws IOException {
    NamedNetwork named = NamedNetwork.of(network);
    UnetrPlusPlusConfig config = named.config();
    Counting.Network counted = Counting.of(config);
    return new Description(
        named.name(),
        NamedNetwork.sample(config.inChannels(), config.patch()),
        NamedNetwork.sample(config.classes(), config.patch()),
        counted.layers().stream()
            .map(
                layer ->
                    new Description.Layer(
                        layer.name(), layer.shape(), layer.parameters(), layer.operations()))
            .toList(),
        counted.parameters(),
        counted.operations(),
        training(config));
  }

  private static List<Description.Memory> training(UnetrPlusPlusConfig config) {
    List<Description.Memory> all = new ArrayList<>();
    for (Precision precision : List.of(Precision.FLOAT32, Precision.BFLOAT16)) {
      TrainingOptions options = TrainingOptions.published(precision);
      String name = precision.name().toLowerCase(Locale.ROOT);
      long kept = TrainingMemory.peakBytes(config, 1, options);
      long recomputed = TrainingMemory.peakBytes(config, 1, options.withCheckpointing());
      all.add(new Description.Memory(name, false, kept));
      all.add(new Description.Memory(name, true, recomputed));
    }
    return List.copyOf(all);
  }

  /**
   * Writes weights in another format, bit for bit where the source has float32.
   *
   * @param source weights of any kind, or a folder with {@code model.safetensors} and {@code
   *     network.json}
   * @param network as for {@link #describe}; null takes what the source says or fits
   * @param force whether an existing file is replaced
   * @throws IllegalArgumentException where the file is damaged or of no known kind, or where the
   *     weights are another network's; names the place or the first differing tensors
   */
  public static Transfer transfer(
      Path source, @Nullable String network, Format format, Path out, boolean force)
      throws IOException {
    requireRoom(out, force);
    Path file = Files.isDirectory(source) ? source.resolve(PublishCheckpoint.MODEL) : source;
    if (!Files.isRegularFile(file)) {
      throw new IllegalArgumentException(
          source
              + ": expected weights (a PyTorch checkpoint, a .safetensors file, or a folder with"
              + " model.safetensors) but there is no such file");
    }
    WeightFile read = NamedNetwork.read(file);
    NamedNetwork named = network(read.weights(), network, source, file);
    named.requireFit(read.weights(), file);
    Weights weights = read.weights().describedBy(named.config());
    PlansBeside plans = PlansBeside.of(file, named);
    switch (format) {
      case SAFETENSORS -> writeSafely(weights, out);
      case PT -> WeightFiles.writeStateDict(weights, out);
      case TORCHSCRIPT -> WeightFiles.writeTorchScript(weights, named.config(), out);
    }
    return new Transfer(
        file.toString(),
        read.form(),
        named.toString(),
        new Transfer.Size(weights.tensors().size(), Counting.of(named.config()).parameters()),
        read.epoch(),
        read.conversion(),
        out.toString(),
        plans);
  }

  private static NamedNetwork network(
      Weights weights, @Nullable String asked, Path source, Path file) throws IOException {
    if (asked != null) {
      return NamedNetwork.of(asked, weights);
    }
    boolean described =
        Files.isDirectory(source) && Files.exists(source.resolve(NetworkDescription.FILE));
    return described ? NamedNetwork.of(source.toString()) : NamedNetwork.of(weights, file);
  }

  private static void writeSafely(Weights weights, Path out) throws IOException {
    Path temporary = out.resolveSibling("." + out.getFileName() + ".writing");
    try {
      weights.write(temporary);
      Files.move(
          temporary, out, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  private static void requireRoom(Path out, boolean force) {
    Path folder = out.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw new IllegalArgumentException(
          "--out %s: expected an existing folder to write into but there is no %s"
              .formatted(out, folder));
    }
    if (Files.isDirectory(out) || (Files.exists(out) && !force)) {
      throw new IllegalArgumentException(
          "--out %s: exists already; give another name%s"
              .formatted(out, Files.isDirectory(out) ? "" : ", or --force to replace it"));
    }
  }
}
