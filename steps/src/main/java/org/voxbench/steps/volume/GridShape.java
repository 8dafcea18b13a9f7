package org.voxbench.steps.volume;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * Voxels along z, y and x; in JSON {@code [z, y, x]}. The linear index of a voxel is {@code (z *
 * y() + y) * x() + x}.
 *
 * @param z slices, at least 1
 * @param y rows, at least 1
 * @param x columns, at least 1
 */
public record GridShape(int z, int y, int x) {

  public GridShape {
    if (z < 1 || y < 1 || x < 1) {
      throw new IllegalArgumentException(
          "shape: expected three numbers of at least 1 but was [%d, %d, %d]".formatted(z, y, x));
    }
  }

  /**
   * From {@code [z, y, x]}.
   *
   * @throws IllegalArgumentException when there are not three of them, or one is below 1
   */
  @JsonCreator
  public static GridShape of(int... zyx) {
    if (zyx.length != 3) {
      throw new IllegalArgumentException("shape: expected [z, y, x] but found " + zyx.length);
    }
    return new GridShape(zyx[0], zyx[1], zyx[2]);
  }

  /** {@code [z, y, x]}. */
  @JsonValue
  public int[] toArray() {
    return new int[] {z, y, x};
  }

  /** Number of voxels. */
  public long voxels() {
    return (long) z * y * x;
  }

  /**
   * Number of voxels of a volume that is held in one array.
   *
   * @throws IllegalArgumentException when it exceeds 2^31 - 9, the longest array
   */
  public int arrayLength() {
    if (voxels() > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          "shape %s has %d voxels, more than the %d that fit one array; crop or coarsen the scan"
              .formatted(this, voxels(), Integer.MAX_VALUE - 8));
    }
    return (int) voxels();
  }

  /** The number along axis 0 (z), 1 (y) or 2 (x). */
  public int along(int axis) {
    return axis == 0 ? z : axis == 1 ? y : x;
  }

  @Override
  public String toString() {
    return z + "x" + y + "x" + x;
  }
}
