package org.voxbench.model;

import java.util.Arrays;

/**
 * Adds up weighted windows in a ring of slices. Weights need no array of their own: the windows lie
 * on a product grid and the Gaussian is a product, so the sum of weights is a product too.
 */
final class WindowSum {

  private final WindowGrid grid;
  private final int classes;
  private final float[][] ring;
  private final float[][] weights = new float[3][];
  private final double[][] sums = new double[3][];
  private int released;

  WindowSum(WindowGrid grid, int classes) {
    this.grid = grid;
    this.classes = classes;
    int slice = Math.multiplyExact(Math.multiplyExact(classes, grid.shape[1]), grid.shape[2]);
    this.ring = new float[Math.min(grid.patch[0], grid.shape[0])][slice];
    for (int axis = 0; axis < 3; axis++) {
      weights[axis] = grid.weights(axis);
      sums[axis] = grid.weightSums(axis);
    }
  }

  /** Adds the {@code index}-th window of a batch: count x classes x patch. */
  void add(float[] batch, int index, int layer, int window) {
    int[] start = grid.start(layer, window);
    int[] patch = grid.patch;
    int[] shape = grid.shape;
    for (int z = Math.max(0, -start[0]); z < Math.min(patch[0], shape[0] - start[0]); z++) {
      float[] slice = ring[(start[0] + z) % ring.length];
      for (int label = 0; label < classes; label++) {
        int plane = (index * classes + label) * grid.patchVoxels() + z * patch[1] * patch[2];
        for (int y = Math.max(0, -start[1]); y < Math.min(patch[1], shape[1] - start[1]); y++) {
          int to = (label * shape[1] + start[1] + y) * shape[2] + start[2];
          addLine(batch, plane + y * patch[2], slice, to, weights[0][z] * weights[1][y], start[2]);
        }
      }
    }
  }

  private void addLine(float[] batch, int from, float[] slice, int to, float weight, int startX) {
    float[] along = weights[2];
    int end = Math.min(grid.patch[2], grid.shape[2] - startX);
    for (int x = Math.max(0, -startX); x < end; x++) {
      slice[to + x] += weight * along[x] * batch[from + x];
    }
  }

  /** Hands out, divided by their weights, all slices below {@code end}. */
  void release(int end, SlidingWindow.SliceConsumer slices) {
    for (; released < Math.min(end, grid.shape[0]); released++) {
      float[] slice = ring[released % ring.length];
      divide(slice, sums[0][released]);
      slices.accept(released, slice);
      Arrays.fill(slice, 0);
    }
  }

  private void divide(float[] slice, double weightZ) {
    int at = 0;
    for (int label = 0; label < classes; label++) {
      for (int y = 0; y < grid.shape[1]; y++) {
        double weight = weightZ * sums[1][y];
        for (int x = 0; x < grid.shape[2]; x++, at++) {
          slice[at] = (float) (slice[at] / (weight * sums[2][x]));
          if (!Float.isFinite(slice[at])) {
            throw new IllegalStateException(
                "the network gave %s for class %d at (z %d, y %d, x %d); its weights are damaged or training diverged"
                    .formatted(slice[at], label, released, y, x));
          }
        }
      }
    }
  }
}
