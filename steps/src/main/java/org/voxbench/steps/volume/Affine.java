package org.voxbench.steps.volume;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * Maps voxel indices (i, j, k) = (x, y, z) to millimetres right, anterior, superior, as NIfTI
 * defines it. The last row (0, 0, 0, 1) is not held.
 *
 * @param rows twelve finite numbers: three rows of four
 */
public record Affine(List<Double> rows) {

  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public Affine {
    rows = List.copyOf(rows);
    if (rows.size() != 12 || rows.stream().anyMatch(value -> !Double.isFinite(value))) {
      throw new IllegalArgumentException("affine: expected 12 finite numbers but was " + rows);
    }
  }

  static Affine of(double... rows) {
    return new Affine(DoubleStream.of(rows).boxed().toList());
  }

  /** An affine that only scales: axes along right, anterior, superior. */
  public static Affine scaling(Spacing spacing) {
    return of(spacing.x(), 0, 0, 0, 0, spacing.y(), 0, 0, 0, 0, spacing.z(), 0);
  }

  @JsonValue
  @Override
  public List<Double> rows() {
    return rows;
  }

  /** Element of row 0 to 2 and column 0 to 3. */
  public double at(int row, int column) {
    return rows.get(row * 4 + column);
  }

  /** Length of a column: millimetres from voxel to voxel along i (0), j (1) or k (2). */
  double columnLength(int column) {
    return Math.sqrt(
        at(0, column) * at(0, column)
            + at(1, column) * at(1, column)
            + at(2, column) * at(2, column));
  }

  /** The largest absolute difference of an element to {@code other}'s. */
  public double distance(Affine other) {
    double largest = 0;
    for (int index = 0; index < 12; index++) {
      largest = Math.max(largest, Math.abs(rows.get(index) - other.rows.get(index)));
    }
    return largest;
  }

  /** Millimetres by which the two place the furthest-off corner of a volume apart. */
  public double cornerDistance(Affine other, GridShape shape) {
    double largest = 0;
    for (int corner = 0; corner < 8; corner++) {
      double i = (corner & 1) * (shape.x() - 1.0);
      double j = ((corner >> 1) & 1) * (shape.y() - 1.0);
      double k = (corner >> 2) * (shape.z() - 1.0);
      double square = 0;
      for (int row = 0; row < 3; row++) {
        double apart = coordinate(row, i, j, k) - other.coordinate(row, i, j, k);
        square += apart * apart;
      }
      largest = Math.max(largest, Math.sqrt(square));
    }
    return largest;
  }

  private double coordinate(int row, double i, double j, double k) {
    return at(row, 0) * i + at(row, 1) * j + at(row, 2) * k + at(row, 3);
  }
}
