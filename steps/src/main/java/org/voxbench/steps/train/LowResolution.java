package org.voxbench.steps.train;

/**
 * Simulated low resolution (recipe section 3, row 9): nearest neighbours down, cubic splines up,
 * with sample centres at half voxels and edges repeated.
 */
final class LowResolution {

  /**
   * Repeats of the edge before filtering: the spline's memory, 0.268^12, is below float precision.
   */
  private static final int PADDING = 12;

  private LowResolution() {}

  /**
   * Coarsens one channel by {@code zoom} and brings it back to its size.
   *
   * @param keepFirst true leaves the z axis alone
   */
  static void apply(Patch patch, int channel, double zoom, boolean keepFirst) {
    int[] full = patch.shape;
    int[] coarse = new int[3];
    for (int axis = 0; axis < 3; axis++) {
      boolean kept = axis == 0 && keepFirst;
      coarse[axis] = kept ? full[0] : Math.max(1, (int) Math.rint(full[axis] * zoom));
    }
    float[] values = coarsened(patch, channel * patch.voxels, coarse);
    float low = Float.POSITIVE_INFINITY;
    float high = Float.NEGATIVE_INFINITY;
    for (float value : values) {
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
    int[] shape = coarse.clone();
    for (int axis = 0; axis < 3; axis++) {
      if (shape[axis] != full[axis]) {
        int outer = axis == 0 ? 1 : axis == 1 ? shape[0] : shape[0] * shape[1];
        int inner = axis == 0 ? shape[1] * shape[2] : axis == 1 ? shape[2] : 1;
        int[] extent = {outer, shape[axis], inner};
        values = Lines.map(values, extent, full[axis], LowResolution::refine);
        shape[axis] = full[axis];
      }
    }
    int offset = channel * patch.voxels;
    for (int i = 0; i < values.length; i++) {
      patch.image[offset + i] = Math.min(high, Math.max(low, values[i]));
    }
  }

  private static float[] coarsened(Patch patch, int offset, int[] coarse) {
    int[][] from = new int[3][];
    for (int axis = 0; axis < 3; axis++) {
      from[axis] = new int[coarse[axis]];
      double factor = (double) patch.shape[axis] / coarse[axis];
      for (int i = 0; i < coarse[axis]; i++) {
        int nearest = (int) Math.floor(factor * (i + 0.5));
        from[axis][i] = Math.min(patch.shape[axis] - 1, nearest);
      }
    }
    float[] values = new float[coarse[0] * coarse[1] * coarse[2]];
    int at = 0;
    for (int z : from[0]) {
      for (int y : from[1]) {
        int row = offset + (z * patch.shape[1] + y) * patch.shape[2];
        for (int x : from[2]) {
          values[at++] = patch.image[row + x];
        }
      }
    }
    return values;
  }

  private static void refine(double[] line, double[] out) {
    int length = line.length;
    double[] padded = new double[length + 2 * PADDING];
    for (int i = 0; i < padded.length; i++) {
      padded[i] = line[Math.min(length - 1, Math.max(0, i - PADDING))];
    }
    CubicSpline.prefilter(padded, padded.length);
    double factor = (double) length / out.length;
    double[] weights = new double[4];
    for (int i = 0; i < out.length; i++) {
      double coordinate = factor * (i + 0.5) - 0.5 + PADDING;
      int floor = (int) Math.floor(coordinate);
      CubicSpline.weights(coordinate - floor, weights);
      double sum = 0;
      for (int k = 0; k < 4; k++) {
        sum += weights[k] * padded[floor - 1 + k];
      }
      out[i] = sum;
    }
  }
}
