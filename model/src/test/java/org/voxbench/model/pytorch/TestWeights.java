package org.voxbench.model.pytorch;

import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.voxbench.model.Tensor;
import org.voxbench.model.UnetrPlusPlusConfig;
import org.voxbench.model.Weights;

/** Weights in which every tensor matters, as after a training. */
final class TestWeights {

  private TestWeights() {}

  /** First weights leave gates closed and statistics neutral; these do not. */
  static Weights lively(UnetrPlusPlusConfig network, int seed) {
    Random random = new Random(seed);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    IdentityHashMap<Tensor, Tensor> changed = new IdentityHashMap<>();
    Weights.initial(network, seed)
        .tensors()
        .forEach(
            (name, tensor) ->
                tensors.put(
                    name, changed.computeIfAbsent(tensor, unseen -> lively(name, tensor, random))));
    return Weights.of(tensors).describedBy(network);
  }

  private static Tensor lively(String name, Tensor tensor, Random random) {
    if (tensor.kind() == Tensor.Kind.INT64) {
      return Tensor.counter(1234567890123L);
    }
    if (tensor.shape().size() == 5) {
      return tensor;
    }
    float[] values = tensor.floats();
    boolean positive = name.endsWith("running_var") || name.contains("temperature");
    for (int i = 0; i < values.length; i++) {
      double noise = 0.1 * random.nextGaussian();
      values[i] += (float) (positive ? Math.abs(noise) : noise);
    }
    return Tensor.of(tensor.shape(), values);
  }

  static float[] image(UnetrPlusPlusConfig network) {
    Random random = new Random(3);
    float[] image = new float[network.inChannels() * network.patchVoxels()];
    for (int i = 0; i < image.length; i++) {
      image[i] = (float) random.nextGaussian();
    }
    return image;
  }
}
