package org.voxbench.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Values computed with the published PyTorch implementation, for weights, input and target that are
 * made from the tensors' names alone.
 */
record Golden(JsonNode values) {

  private static final ObjectMapper JSON = new ObjectMapper();

  static Golden read(String name) {
    try (InputStream in = Golden.class.getResourceAsStream("golden/" + name + ".json")) {
      return new Golden(JSON.readTree(in));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  UnetrPlusPlusConfig config() {
    return UnetrPlusPlusConfig.variant(
        values.get("variant").asText(),
        values.get("in_channels").asInt(),
        values.get("out_channels").asInt());
  }

  /** Names with shapes of a list of the file. */
  Map<String, List<Integer>> shapes(String list) {
    Map<String, List<Integer>> shapes = new LinkedHashMap<>();
    for (JsonNode pair : values.get(list)) {
      List<Integer> shape = new ArrayList<>();
      pair.get(1).forEach(size -> shape.add(size.asInt()));
      shapes.put(pair.get(0).asText(), shape);
    }
    return shapes;
  }

  /** The first number of each entry of a map of the file: a norm. */
  Map<String, Double> norms(String map) {
    Map<String, Double> norms = new LinkedHashMap<>();
    values
        .get(map)
        .properties()
        .forEach(entry -> norms.put(entry.getKey(), entry.getValue().get(0).asDouble()));
    return norms;
  }

  static Weights weights(UnetrPlusPlusConfig config) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (Layout.Entry entry : Layout.of(config)) {
      Tensor alias = entry.aliasOf() == null ? null : tensors.get(entry.aliasOf());
      tensors.put(entry.name(), alias == null ? tensor(entry) : alias);
    }
    return Weights.of(tensors);
  }

  private static Tensor tensor(Layout.Entry entry) {
    if (entry.start() == Layout.Start.COUNTER) {
      return Tensor.counter(0);
    }
    float[] values = unit(entry.name(), entry.elements());
    String last = entry.name().substring(entry.name().lastIndexOf('.') + 1);
    boolean norm = last.equals("weight") && entry.shape().size() == 1;
    float fan = entry.elements() / (float) (entry.shape().isEmpty() ? 1 : entry.shape().get(0));
    if (entry.name().contains("transp_conv")) {
      fan = entry.shape().get(0);
    }
    float scale = (float) Math.sqrt(3 / fan);
    for (int i = 0; i < values.length; i++) {
      float u = values[i];
      values[i] =
          switch (last) {
            case "running_var" -> 1 + 0.5f * Math.abs(u);
            case "running_mean", "pos_embed", "bias" -> 0.1f * u;
            case "temperature", "temperature2" -> 1 + 0.25f * u;
            case "gamma" -> 0.5f * u;
            default -> norm ? 1 + 0.25f * u : u * scale;
          };
    }
    return Tensor.of(entry.shape(), values);
  }

  static float[] unit(String name, int size) {
    CounterRandom random = new CounterRandom(0, name);
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = random.signed(i);
    }
    return values;
  }

  static Batch batch(UnetrPlusPlusConfig config) {
    List<Integer> patch = config.patch();
    int[] cells = patch.stream().mapToInt(size -> Math.max(1, size / 8)).toArray();
    float[] coarse = unit("target", cells[0] * cells[1] * cells[2]);
    byte[] labels = new byte[config.patchVoxels()];
    int index = 0;
    for (int z = 0; z < patch.get(0); z++) {
      for (int y = 0; y < patch.get(1); y++) {
        for (int x = 0; x < patch.get(2); x++) {
          int cell = (z * cells[0] / patch.get(0) * cells[1] + y * cells[1] / patch.get(1));
          double u = coarse[cell * cells[2] + x * cells[2] / patch.get(2)];
          labels[index++] = (byte) Math.floor((u + 1) / 2 * config.classes());
        }
      }
    }
    return new Batch(unit("input", config.inChannels() * config.patchVoxels()), labels, 1);
  }
}
