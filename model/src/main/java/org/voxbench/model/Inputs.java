package org.voxbench.model;

/** Refuses images that would poison weights or predictions. */
final class Inputs {

  private Inputs() {}

  static void requireFinite(float[] images, UnetrPlusPlusConfig config) {
    for (int i = 0; i < images.length; i++) {
      if (!Float.isFinite(images[i])) {
        throw new IllegalArgumentException(describe(images[i], i, config));
      }
    }
  }

  private static String describe(float value, int index, UnetrPlusPlusConfig config) {
    int voxels = config.patchVoxels();
    int plane = config.patch().get(1) * config.patch().get(2);
    int voxel = index % voxels;
    int channel = index / voxels % config.inChannels();
    return "images: expected finite numbers but found %s in sample %d, channel %d, at (z %d, y %d, x %d)"
            .formatted(
                value,
                index / voxels / config.inChannels(),
                channel,
                voxel / plane,
                voxel % plane / config.patch().get(2),
                voxel % config.patch().get(2))
        + "; remove such voxels from the scan or preprocess it again";
  }
}
