package org.voxbench.steps.evaluate;

/**
 * From where along one axis resampled voxels take their values: voxel centres are aligned at both
 * ends, {@code from / to * (i + 0.5) - 0.5}, and positions beyond the first or last centre take
 * that one's value.
 */
final class AxisMap {

  private final int from;
  private final int[] low;
  private final int[] high;
  private final float[] share;

  private AxisMap(int from, int to) {
    this.from = from;
    this.low = new int[to];
    this.high = new int[to];
    this.share = new float[to];
  }

  /**
   * Maps {@code to} resampled voxels onto {@code from} source voxels.
   *
   * @param nearest take the nearest source voxel, the upper one when halfway, instead of blending
   */
  static AxisMap between(int from, int to, boolean nearest) {
    AxisMap map = new AxisMap(from, to);
    for (int i = 0; i < to; i++) {
      double exact = (double) from / to * (i + 0.5) - 0.5;
      double inside = Math.min(Math.max(exact, 0), from - 1);
      if (nearest) {
        map.low[i] = (int) Math.floor(inside + 0.5);
        map.high[i] = map.low[i];
      } else {
        map.low[i] = (int) Math.floor(inside);
        map.share[i] = (float) (inside - map.low[i]);
        map.high[i] = Math.min(map.low[i] + (map.share[i] > 0 ? 1 : 0), from - 1);
      }
    }
    return map;
  }

  int from() {
    return from;
  }

  int length() {
    return low.length;
  }

  int low(int i) {
    return low[i];
  }

  int high(int i) {
    return high[i];
  }

  /** The share of the upper source voxel, in [0, 1). */
  float share(int i) {
    return share[i];
  }
}
