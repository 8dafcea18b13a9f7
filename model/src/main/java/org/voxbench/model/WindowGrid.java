package org.voxbench.model;

import java.util.Arrays;

/**
 * Where the windows of one volume lie. A volume smaller than the patch counts as padded with zeros
 * to the patch, the odd voxel on the high side (recipe section 5.1); the padding is never stored:
 * starts are volume coordinates and may be negative.
 */
final class WindowGrid {

  final int[] shape;
  final int[] patch;
  private final int[][] starts = new int[3][];

  /**
   * Lays windows.
   *
   * @param step the distance of two windows as a share of the patch, above 0, at most 1
   */
  WindowGrid(int[] shape, int[] patch, double step) {
    this.shape = shape.clone();
    this.patch = patch.clone();
    for (int axis = 0; axis < 3; axis++) {
      starts[axis] = starts(shape[axis], patch[axis], step);
    }
  }

  private static int[] starts(int size, int patch, double step) {
    int padding = Math.max(0, patch - size);
    int range = size + padding - patch;
    int count = (int) Math.ceil(range / (patch * step)) + 1;
    int[] starts = new int[count];
    for (int i = 0; i < count; i++) {
      double exact = count > 1 ? i * ((double) range / (count - 1)) : 0;
      starts[i] = (int) Math.rint(exact) - padding / 2;
    }
    return starts;
  }

  /** The first voxel of the windows along an axis, ascending. */
  int[] starts(int axis) {
    return starts[axis];
  }

  /** Windows at one position along z. */
  int perLayer() {
    return starts[1].length * starts[2].length;
  }

  /** Whether one window covers the volume; it then counts without weights. */
  boolean isSingle() {
    return starts[0].length * perLayer() == 1;
  }

  /** The first voxel (z, y, x) of a window. */
  int[] start(int layer, int window) {
    int columns = starts[2].length;
    return new int[] {starts[0][layer], starts[1][window / columns], starts[2][window % columns]};
  }

  int patchVoxels() {
    return patch[0] * patch[1] * patch[2];
  }

  /** Windows {@code first} to {@code first + count - 1} of a layer: count x channels x patch. */
  float[] cut(float[] image, int channels, int layer, int first, int count) {
    float[] windows = new float[Math.multiplyExact(count * channels, patchVoxels())];
    for (int i = 0; i < count; i++) {
      int[] start = start(layer, first + i);
      for (int channel = 0; channel < channels; channel++) {
        copy(image, channel, start, windows, (i * channels + channel) * patchVoxels());
      }
    }
    return windows;
  }

  private void copy(float[] image, int channel, int[] start, float[] windows, int at) {
    int lowX = Math.max(0, -start[2]);
    int length = Math.min(patch[2], shape[2] - start[2]) - lowX;
    for (int z = Math.max(0, -start[0]); z < Math.min(patch[0], shape[0] - start[0]); z++) {
      for (int y = Math.max(0, -start[1]); y < Math.min(patch[1], shape[1] - start[1]); y++) {
        int from =
            ((channel * shape[0] + start[0] + z) * shape[1] + start[1] + y) * shape[2] + start[2];
        int to = at + (z * patch[1] + y) * patch[2];
        System.arraycopy(image, from + lowX, windows, to + lowX, length);
      }
    }
  }

  /** The Gaussian of sigma patch/8 around the middle voxel; ones when there is a single window. */
  float[] weights(int axis) {
    float[] weights = new float[patch[axis]];
    Arrays.fill(weights, 1);
    double sigma = patch[axis] / 8.0;
    for (int i = 0; i < weights.length && !isSingle(); i++) {
      double distance = (i - patch[axis] / 2) / sigma;
      weights[i] = (float) Math.exp(-0.5 * distance * distance);
    }
    return weights;
  }

  /** The sum of the weights of all windows at each voxel of an axis. */
  double[] weightSums(int axis) {
    double[] sums = new double[shape[axis]];
    float[] weights = weights(axis);
    for (int start : starts[axis]) {
      for (int i = Math.max(0, -start); i < patch[axis] && start + i < sums.length; i++) {
        sums[start + i] += weights[i];
      }
    }
    return sums;
  }
}
