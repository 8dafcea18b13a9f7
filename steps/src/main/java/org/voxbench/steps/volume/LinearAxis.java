package org.voxbench.steps.volume;

/**
 * Linear interpolation along one axis, sampled at {@code from / to * (i + 0.5) - 0.5} with the edge
 * voxel continued; or nearest neighbour at the same places.
 */
final class LinearAxis {

  final int from;
  final int to;

  /** The two voxels around each output voxel. */
  final int[] low;

  final int[] high;

  /** Share of the high one, 0 to 1. */
  final double[] share;

  LinearAxis(int from, int to, boolean nearest) {
    this.from = from;
    this.to = to;
    low = new int[to];
    high = new int[to];
    share = new double[to];
    double scale = (double) from / to;
    for (int index = 0; index < to; index++) {
      double at = Math.max(0, Math.min(from - 1.0, scale * (index + 0.5) - 0.5));
      low[index] = nearest ? CubicAxis.nearest(at, from) : (int) Math.floor(at);
      high[index] = nearest ? low[index] : Math.min(from - 1, low[index] + 1);
      share[index] = high[index] == low[index] ? 0 : at - low[index];
    }
  }
}
