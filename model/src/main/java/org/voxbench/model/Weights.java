package org.voxbench.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All tensors of a network under the published state_dict names, in that order: parameters and
 * running statistics in float32, {@code num_batches_tracked} in int64. Immutable.
 */
public final class Weights {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String NETWORK = "network";
  private static final int LISTED_DIFFERENCES = 5;

  private final Map<String, Tensor> tensors;
  private final Map<String, String> metadata;

  private Weights(Map<String, Tensor> tensors, Map<String, String> metadata) {
    this.tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
    this.metadata = Map.copyOf(metadata);
  }

  /** Weights from tensors in the order given; nothing is checked against a network yet. */
  public static Weights of(Map<String, Tensor> tensors) {
    return new Weights(tensors, Map.of());
  }

  /** The published initialisation (recipe section 1.6), a function of seed and names alone. */
  public static Weights initial(UnetrPlusPlusConfig config, long seed) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (Layout.Entry entry : Layout.of(config)) {
      Tensor shared = entry.aliasOf() == null ? null : tensors.get(entry.aliasOf());
      tensors.put(entry.name(), shared == null ? initial(entry, seed) : shared);
    }
    return new Weights(tensors, networkMetadata(config));
  }

  static Tensor initial(Layout.Entry entry, long seed) {
    if (entry.start() == Layout.Start.COUNTER) {
      return Tensor.counter(0);
    }
    int elements = entry.elements();
    ByteBuffer bytes = ByteBuffer.allocate(elements * 4).order(ByteOrder.LITTLE_ENDIAN);
    FloatBuffer values = bytes.asFloatBuffer();
    CounterRandom random = new CounterRandom(seed, entry.name());
    for (int i = 0; i < elements && entry.start() != Layout.Start.ZERO; i++) {
      values.put(
          i,
          switch (entry.start()) {
            case ONE -> 1f;
            case TINY -> 1e-6f;
            case NORMAL -> (float) (0.02 * random.normal(i));
            default -> (float) (entry.bound() * random.signed(i));
          });
    }
    return new Tensor(entry.shape(), Tensor.Kind.FLOAT32, bytes);
  }

  /** Reads a safetensors file. */
  public static Weights read(Path file) throws IOException {
    SafeTensors.Content content = SafeTensors.read(file);
    return new Weights(content.tensors(), content.metadata());
  }

  /** Writes a safetensors file with the network's description in its metadata, and syncs it. */
  public void write(Path file) throws IOException {
    SafeTensors.write(file, new SafeTensors.Content(tensors, metadata));
  }

  /**
   * The same tensors said to belong to a network, which {@link #write} records. Layers that the
   * network shares share one tensor.
   */
  public Weights describedBy(UnetrPlusPlusConfig config) {
    Map<String, Tensor> shared = new LinkedHashMap<>(tensors);
    for (Layout.Entry entry : Layout.of(config)) {
      Tensor original = entry.aliasOf() == null ? null : tensors.get(entry.aliasOf());
      if (original != null && original.equals(tensors.get(entry.name()))) {
        shared.put(entry.name(), original);
      }
    }
    return new Weights(shared, networkMetadata(config));
  }

  /** The network these weights say they belong to; empty where the file does not say. */
  public Optional<UnetrPlusPlusConfig> network() {
    String text = metadata.get(NETWORK);
    if (text == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(JSON.readValue(text, UnetrPlusPlusConfig.class));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("the weights' description of their network is broken", e);
    }
  }

  /** Names in order, with their tensors. */
  public Map<String, Tensor> tensors() {
    return tensors;
  }

  /** The tensor of that name. */
  public Tensor get(String name) {
    Tensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new IllegalArgumentException("the weights have no tensor named " + name);
    }
    return tensor;
  }

  /**
   * How these weights differ from what a network needs: the first differing names and shapes, or
   * empty where they fit.
   */
  public Optional<String> explainDifference(UnetrPlusPlusConfig config) {
    List<String> differences = new ArrayList<>();
    Map<String, Tensor> left = new LinkedHashMap<>(tensors);
    for (Layout.Entry entry : Layout.of(config)) {
      Tensor tensor = left.remove(entry.name());
      if (tensor == null) {
        differences.add("%s %s is missing".formatted(entry.name(), entry.shape()));
      } else if (!tensor.shape().equals(entry.shape())) {
        differences.add(
            "%s: expected %s but found %s".formatted(entry.name(), entry.shape(), tensor.shape()));
      } else if (entry.aliasOf() != null && !tensor.equals(tensors.get(entry.aliasOf()))) {
        differences.add(
            "%s has other values than %s, which is the same layer in this network"
                .formatted(entry.name(), entry.aliasOf()));
      }
    }
    left.forEach(
        (name, tensor) -> differences.add("%s %s is not expected".formatted(name, tensor.shape())));
    if (differences.isEmpty()) {
      return Optional.empty();
    }
    int hidden = Math.max(0, differences.size() - LISTED_DIFFERENCES);
    String first = String.join("; ", differences.subList(0, differences.size() - hidden));
    return Optional.of(first + (hidden == 0 ? "" : "; and %d more".formatted(hidden)));
  }

  void requireFit(UnetrPlusPlusConfig config) {
    explainDifference(config)
        .ifPresent(
            difference -> {
              throw new IllegalArgumentException(
                  "the weights do not fit the network (%d in, %d classes, patch %s): %s"
                      .formatted(
                          config.inChannels(), config.classes(), config.patch(), difference));
            });
    for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
      boolean counter = entry.getKey().endsWith("num_batches_tracked");
      if (counter != (entry.getValue().kind() == Tensor.Kind.INT64)) {
        throw new IllegalArgumentException(
            "%s: unexpected type %s".formatted(entry.getKey(), entry.getValue().kind()));
      }
    }
  }

  static Map<String, String> networkMetadata(UnetrPlusPlusConfig config) {
    try {
      return Map.of(NETWORK, JSON.writeValueAsString(config));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
