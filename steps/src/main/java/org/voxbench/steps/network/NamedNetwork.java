package org.voxbench.steps.network;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.voxbench.model.Tensor;
import org.voxbench.model.UnetrPlusPlusConfig;
import org.voxbench.model.Weights;
import org.voxbench.model.pytorch.UnreadableWeightsException;
import org.voxbench.model.pytorch.WeightFile;
import org.voxbench.model.pytorch.WeightFiles;
import org.voxbench.steps.checkpoint.NetworkDescription;
import org.voxbench.steps.checkpoint.PublishCheckpoint;

/** A network under the name a person gives it: a variant, a description, or weights that tell. */
record NamedNetwork(String name, UnetrPlusPlusConfig config) {

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final List<String> ALSO = List.of("btcv", "brats");

  /** The network of a variant's name, a {@code network.json}, its folder, or a weights file. */
  static NamedNetwork of(String asked) throws IOException {
    String lower = asked.toLowerCase(Locale.ROOT);
    if (UnetrPlusPlusConfig.VARIANTS.contains(lower) || ALSO.contains(lower)) {
      return new NamedNetwork(lower, published(lower));
    }
    Path path = Path.of(asked);
    if (Files.isDirectory(path)) {
      Path json = path.resolve(NetworkDescription.FILE);
      return of((Files.exists(json) ? json : path.resolve(PublishCheckpoint.MODEL)).toString());
    }
    if (!Files.isRegularFile(path)) {
      throw new IllegalArgumentException(
          "expected a network (%s), a network.json, its folder or a weights file but found \"%s\", which is none of them"
              .formatted(String.join(", ", UnetrPlusPlusConfig.VARIANTS), asked));
    }
    if (asked.endsWith(".json")) {
      return new NamedNetwork(asked, described(path));
    }
    return new NamedNetwork(asked, of(read(path).weights(), path).config());
  }

  static WeightFile read(Path file) throws IOException {
    try {
      return WeightFiles.read(file);
    } catch (UnreadableWeightsException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  /** The network that weights say they belong to, or whose names and shapes they have. */
  static NamedNetwork of(Weights weights, Path file) {
    Optional<UnetrPlusPlusConfig> told = weights.network();
    if (told.isPresent()) {
      String name =
          UnetrPlusPlusConfig.VARIANTS.stream()
              .filter(variant -> sized(variant, weights).equals(told.get()))
              .findFirst()
              .orElse("the network described in the file");
      return new NamedNetwork(name, told.get());
    }
    return fitting(weights)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "%s: its tensors are those of no published network; name the network with --variant NAME or --variant FOLDER/network.json. Compared with synapse: %s"
                        .formatted(file, difference(weights, "synapse"))));
  }

  /** The variant with the channels and classes that these weights have. */
  static NamedNetwork of(String asked, Weights weights) throws IOException {
    NamedNetwork network = of(asked);
    boolean variant = !Files.exists(Path.of(asked));
    return variant ? new NamedNetwork(asked, sized(asked, weights)) : network;
  }

  static Optional<NamedNetwork> fitting(Weights weights) {
    for (String variant : UnetrPlusPlusConfig.VARIANTS) {
      UnetrPlusPlusConfig config = sized(variant, weights);
      if (weights.explainDifference(config).isEmpty()) {
        return Optional.of(new NamedNetwork(variant, config));
      }
    }
    return Optional.empty();
  }

  /** Throws with the first differing names and shapes, and the network that would fit. */
  void requireFit(Weights weights, Path file) {
    Optional<String> difference = weights.explainDifference(config);
    if (difference.isPresent()) {
      String cure =
          fitting(weights)
              .map(other -> "; they fit %s: use --variant %s".formatted(other, other.name()))
              .orElse("");
      throw new IllegalArgumentException(
          "%s: the weights do not fit %s: %s%s".formatted(file, this, difference.get(), cure));
    }
  }

  private static String difference(Weights weights, String variant) {
    return weights.explainDifference(sized(variant, weights)).orElse("none");
  }

  private static UnetrPlusPlusConfig sized(String variant, Weights weights) {
    UnetrPlusPlusConfig published = published(variant);
    Tensor first = weights.tensors().get("encoder1.conv1.conv.weight");
    Tensor last = weights.tensors().get("out1.conv.conv.bias");
    int channels = size(first, 1, published.inChannels());
    int classes = size(last, 0, published.classes());
    return UnetrPlusPlusConfig.variant(variant, channels, Math.max(2, Math.min(127, classes)));
  }

  private static int size(@Nullable Tensor tensor, int axis, int otherwise) {
    return tensor == null || tensor.shape().size() <= axis
        ? otherwise
        : Math.max(1, tensor.shape().get(axis));
  }

  /** Channels and classes as published (recipe section 1.1). */
  private static UnetrPlusPlusConfig published(String variant) {
    return switch (variant) {
      case "acdc" -> UnetrPlusPlusConfig.variant(variant, 1, 4);
      case "lung" -> UnetrPlusPlusConfig.variant(variant, 1, 2);
      case "tumor", "brats" -> UnetrPlusPlusConfig.variant(variant, 4, 4);
      default -> UnetrPlusPlusConfig.variant(variant, 1, 14);
    };
  }

  private static UnetrPlusPlusConfig described(Path file) throws IOException {
    try {
      JsonNode tree = JSON.readTree(file.toFile());
      return JSON.treeToValue(
          tree.has("network") ? tree.get("network") : tree, UnetrPlusPlusConfig.class);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "%s: expected the description of a network as in the outputs of a run but found: %s"
              .formatted(file, e.getOriginalMessage()),
          e);
    }
  }

  /** One sample (channels, z, y, x). */
  static List<Integer> sample(int channels, List<Integer> patch) {
    List<Integer> shape = new ArrayList<>(List.of(channels));
    shape.addAll(patch);
    return shape;
  }

  @Override
  public String toString() {
    return "%s (%d in, %d classes, patch %s)"
        .formatted(name, config.inChannels(), config.classes(), config.patch());
  }
}
