package org.voxbench.steps.volume;

import java.util.Arrays;

/**
 * The values an image held before resampling. A cubic spline overshoots; the published code clips
 * to the range of what it resampled: the channel, or each slice where slices are resampled apart.
 */
final class ValueRange {

  private final int axis;
  private final float[] low;
  private final float[] high;

  private ValueRange(int axis, int size) {
    this.axis = axis;
    low = new float[size];
    high = new float[size];
    Arrays.fill(low, Float.POSITIVE_INFINITY);
    Arrays.fill(high, Float.NEGATIVE_INFINITY);
  }

  static ValueRange of(float[] voxels, GridShape shape, int separateAxis) {
    ValueRange range =
        new ValueRange(separateAxis, separateAxis < 0 ? 1 : shape.along(separateAxis));
    int at = 0;
    for (int z = 0; z < shape.z(); z++) {
      for (int y = 0; y < shape.y(); y++) {
        for (int x = 0; x < shape.x(); x++) {
          range.include(
              separateAxis == 2 ? x : separateAxis == 1 ? y : separateAxis == 0 ? z : 0,
              voxels[at++]);
        }
      }
    }
    return range;
  }

  private void include(int index, float value) {
    low[index] = Math.min(low[index], value);
    high[index] = Math.max(high[index], value);
  }

  /** Clips slice {@code z} of {@code out}; {@code axes} lead back to the source's slices. */
  void clip(float[] out, GridShape shape, int z, CubicAxis[] axes) {
    int at = z * shape.y() * shape.x();
    for (int y = 0; y < shape.y(); y++) {
      for (int x = 0; x < shape.x(); x++) {
        int index = axis < 0 ? 0 : axes[axis].source(axis == 0 ? z : axis == 1 ? y : x);
        out[at] = Math.max(low[index], Math.min(high[index], out[at]));
        at++;
      }
    }
  }
}
