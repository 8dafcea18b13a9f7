package org.voxbench.model;

/**
 * Patches and their labels.
 *
 * @param images size x channels x patch (z, y, x), row-major
 * @param labels size x patch; -1 marks voxels outside the scan, counted as background (recipe 2.2)
 * @param size samples, at least 1
 */
@SuppressWarnings("ArrayRecordComponent") // large arrays of numbers; a batch is never compared
public record Batch(float[] images, byte[] labels, int size) {

  public Batch {
    Checks.atLeast("batch", size, 1);
  }

  void check(UnetrPlusPlusConfig config) {
    int voxels = config.patchVoxels();
    requireLength("images", images.length, (long) size * config.inChannels() * voxels);
    requireLength("labels", labels.length, (long) size * voxels);
    Inputs.requireFinite(images, config);
    for (int i = 0; i < labels.length; i++) {
      if (labels[i] >= config.classes() || labels[i] < -1) {
        throw new IllegalArgumentException(
            "batch.labels: expected -1 to %d but sample %d has %d"
                .formatted(config.classes() - 1, i / voxels, labels[i]));
      }
    }
  }

  private static void requireLength(String what, long found, long expected) {
    if (found != expected) {
      throw new IllegalArgumentException(
          "batch.%s: expected %d values but found %d".formatted(what, expected, found));
    }
  }
}
