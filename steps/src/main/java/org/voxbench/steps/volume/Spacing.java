package org.voxbench.steps.volume;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * Millimetres from voxel to voxel along z, y and x; in JSON {@code [z, y, x]}.
 *
 * @param z above 0
 * @param y above 0
 * @param x above 0
 */
public record Spacing(double z, double y, double x) {

  public Spacing {
    if (!(legal(z) && legal(y) && legal(x))) {
      throw new IllegalArgumentException(
          "spacing: expected three millimetre values above 0 but was [%s, %s, %s]"
              .formatted(z, y, x));
    }
  }

  private static boolean legal(double value) {
    return value > 0 && value < Double.POSITIVE_INFINITY;
  }

  /**
   * From {@code [z, y, x]}.
   *
   * @throws IllegalArgumentException when there are not three of them, or one is not above 0
   */
  @JsonCreator
  public static Spacing of(double... zyx) {
    if (zyx.length != 3) {
      throw new IllegalArgumentException("spacing: expected [z, y, x] but found " + zyx.length);
    }
    return new Spacing(zyx[0], zyx[1], zyx[2]);
  }

  /** {@code [z, y, x]}. */
  @JsonValue
  public double[] toArray() {
    return new double[] {z, y, x};
  }

  /** The spacing along axis 0 (z), 1 (y) or 2 (x). */
  public double along(int axis) {
    return axis == 0 ? z : axis == 1 ? y : x;
  }

  /** Largest of the three over the smallest. */
  public double anisotropy() {
    return Math.max(z, Math.max(y, x)) / Math.min(z, Math.min(y, x));
  }

  /** Whether each of the three differs from {@code other} by at most {@code tolerance} mm. */
  public boolean isNear(Spacing other, double tolerance) {
    return Math.abs(z - other.z) <= tolerance
        && Math.abs(y - other.y) <= tolerance
        && Math.abs(x - other.x) <= tolerance;
  }

  @Override
  public String toString() {
    return "[" + z + ", " + y + ", " + x + "] mm";
  }
}
