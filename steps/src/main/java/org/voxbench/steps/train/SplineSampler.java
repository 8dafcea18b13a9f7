package org.voxbench.steps.train;

/** Reads image (cubic spline) and label (linear majority) of a patch at any point. */
final class SplineSampler {

  private final Patch source;
  private final boolean inPlane;
  private final int[][] index = new int[3][4];
  private final double[][] weight = new double[3][4];
  private final byte[] labels = new byte[8];
  private final double[] shares = new double[8];

  /**
   * @param source its image holds spline coefficients
   * @param inPlane the first coordinate is always a whole number and its axis was not filtered
   */
  SplineSampler(Patch source, boolean inPlane) {
    this.source = source;
    this.inPlane = inPlane;
  }

  /** Writes the values at point {@code p} (z, y, x) to voxel {@code at} of the target. */
  void sample(double[] p, Patch target, int at) {
    if (isOutside(p)) {
      for (int c = 0; c < source.channels; c++) {
        target.image[c * target.voxels + at] = 0;
      }
      target.label[at] = 0;
      return;
    }
    for (int axis = 0; axis < 3; axis++) {
      prepare(axis, p[axis]);
    }
    for (int c = 0; c < source.channels; c++) {
      target.image[c * target.voxels + at] = (float) interpolate(c * source.voxels);
    }
    target.label[at] = majority(p);
  }

  private boolean isOutside(double[] p) {
    for (int axis = 0; axis < 3; axis++) {
      if (p[axis] < 0 || p[axis] > source.shape[axis] - 1) {
        return true;
      }
    }
    return false;
  }

  private void prepare(int axis, double coordinate) {
    int floor = (int) Math.floor(coordinate);
    int length = source.shape[axis];
    int stride = axis == 0 ? source.shape[1] * source.shape[2] : axis == 1 ? source.shape[2] : 1;
    for (int k = 0; k < 4; k++) {
      int i = floor - 1 + k;
      index[axis][k] = stride * (i < 0 || i >= length ? CubicSpline.mirror(i, length) : i);
    }
    CubicSpline.weights(coordinate - floor, weight[axis]);
  }

  private double interpolate(int offset) {
    if (inPlane) {
      return interpolatePlane(offset + index[0][1]);
    }
    double sum = 0;
    for (int i = 0; i < 4; i++) {
      sum += weight[0][i] * interpolatePlane(offset + index[0][i]);
    }
    return sum;
  }

  private double interpolatePlane(int offset) {
    float[] image = source.image;
    int[] ix = index[2];
    double[] wx = weight[2];
    double sum = 0;
    for (int j = 0; j < 4; j++) {
      int row = offset + index[1][j];
      sum +=
          weight[1][j]
              * (wx[0] * image[row + ix[0]]
                  + wx[1] * image[row + ix[1]]
                  + wx[2] * image[row + ix[2]]
                  + wx[3] * image[row + ix[3]]);
    }
    return sum;
  }

  /** The greatest label with at least half of the linear weights, 0 when none has. */
  private byte majority(double[] p) {
    byte first = source.label[index[0][1] + index[1][1] + index[2][1]];
    boolean same = true;
    for (int k = 0; k < 8; k++) {
      int iz = k >> 2;
      int iy = (k >> 1) & 1;
      int ix = k & 1;
      labels[k] = source.label[index[0][1 + iz] + index[1][1 + iy] + index[2][1 + ix]];
      shares[k] = linear(p[0], iz) * linear(p[1], iy) * linear(p[2], ix);
      same &= labels[k] == first;
    }
    if (same) {
      return first;
    }
    int winner = Integer.MIN_VALUE;
    for (int k = 0; k < 8; k++) {
      double share = 0;
      for (int other = 0; other < 8; other++) {
        share += labels[other] == labels[k] ? shares[other] : 0;
      }
      // The published code adds in another order; a tie of exact halves must not hang on rounding.
      if (share >= 0.5 - 1e-12) {
        winner = Math.max(winner, labels[k]);
      }
    }
    return winner == Integer.MIN_VALUE ? 0 : (byte) winner;
  }

  private static double linear(double coordinate, int upper) {
    double fraction = coordinate - Math.floor(coordinate);
    return upper == 1 ? fraction : 1 - fraction;
  }
}
