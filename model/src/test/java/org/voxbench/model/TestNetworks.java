package org.voxbench.model;

import java.nio.file.Path;
import java.util.List;

/** Small networks and batches that a test trains within a second. */
final class TestNetworks {

  /** Natives are unpacked once for all tests of this build. */
  static final Compute CPU = new Compute(Compute.Device.CPU, 1, Path.of("target", "engine-cache"));

  private TestNetworks() {}

  static UnetrPlusPlusConfig tiny() {
    return UnetrPlusPlusConfig.variant("nano", 1, 3)
        .withStem(List.of(1, 2, 2))
        .withPatch(List.of(16, 32, 32))
        .withWidths(List.of(8, 16, 32, 64))
        .withFeatureSize(4);
  }

  /** Boxes of class 1 and 2 in noise; another seed gives another batch. */
  static Batch batch(UnetrPlusPlusConfig config, int size, long seed) {
    int voxels = config.patchVoxels();
    float[] images = new float[size * config.inChannels() * voxels];
    byte[] labels = new byte[size * voxels];
    CounterRandom random = new CounterRandom(seed, "batch");
    int width = config.patch().get(2);
    for (int i = 0; i < labels.length; i++) {
      int x = i % width;
      labels[i] = (byte) (x < width / 3 ? 0 : x < 2 * width / 3 ? 1 : config.classes() - 1);
    }
    for (int i = 0; i < images.length; i++) {
      int sample = i / voxels / config.inChannels();
      images[i] = labels[sample * voxels + i % voxels] + 0.3f * random.signed(i);
    }
    return new Batch(images, labels, size);
  }

  static TrainingOptions adamw(Precision precision) {
    return TrainingOptions.published(precision).withOptimizer(Optimizer.adamw());
  }
}
