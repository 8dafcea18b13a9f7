package org.voxbench.steps.volume;

import java.util.List;

/** Between a qform's quaternion and an affine, by the formulas of the NIfTI-1 standard. */
final class Quaternions {

  private static final double ORTHOGONAL_WITHIN = 1e-4;

  private Quaternions() {}

  /**
   * The affine of a qform.
   *
   * @param q qfac, b, c, d, offsets x, y, z
   * @throws IllegalArgumentException when b, c, d are longer than 1: no rotation at all
   */
  static Affine affineOf(List<Double> q, Spacing spacing) {
    double b = q.get(1);
    double c = q.get(2);
    double d = q.get(3);
    double square = b * b + c * c + d * d;
    if (!(square < 1.01)) {
      throw new IllegalArgumentException(
          "quatern_b, c, d: expected at most length 1 but was " + Math.sqrt(square));
    }
    double a = Math.sqrt(Math.max(0, 1 - square));
    if (square > 1) {
      b /= Math.sqrt(square);
      c /= Math.sqrt(square);
      d /= Math.sqrt(square);
    }
    double dx = spacing.x();
    double dy = spacing.y();
    double dz = spacing.z() * (q.get(0) < 0 ? -1 : 1);
    return Affine.of(
        (a * a + b * b - c * c - d * d) * dx,
        2 * (b * c - a * d) * dy,
        2 * (b * d + a * c) * dz,
        q.get(4),
        2 * (b * c + a * d) * dx,
        (a * a + c * c - b * b - d * d) * dy,
        2 * (c * d - a * b) * dz,
        q.get(5),
        2 * (b * d - a * c) * dx,
        2 * (c * d + a * b) * dy,
        (a * a + d * d - b * b - c * c) * dz,
        q.get(6));
  }

  /** Header fields for an affine: always an sform, and a qform where no axis is sheared. */
  static Orientation orientationOf(Affine affine) {
    double[][] r = new double[3][3];
    for (int column = 0; column < 3; column++) {
      for (int row = 0; row < 3; row++) {
        r[row][column] = affine.at(row, column) / affine.columnLength(column);
      }
    }
    if (!isOrthogonal(r)) {
      return new Orientation(0, List.of(1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0), 1, affine);
    }
    double qfac = determinant(r) < 0 ? -1 : 1;
    for (int row = 0; row < 3; row++) {
      r[row][2] *= qfac;
    }
    double[] q = unitQuaternion(r);
    List<Double> fields =
        List.of(qfac, q[1], q[2], q[3], affine.at(0, 3), affine.at(1, 3), affine.at(2, 3));
    return new Orientation(1, fields, 1, affine);
  }

  private static boolean isOrthogonal(double[][] r) {
    for (int one = 0; one < 3; one++) {
      for (int other = one + 1; other < 3; other++) {
        double dot = r[0][one] * r[0][other] + r[1][one] * r[1][other] + r[2][one] * r[2][other];
        if (!(Math.abs(dot) < ORTHOGONAL_WITHIN)) {
          return false;
        }
      }
    }
    return true;
  }

  private static double determinant(double[][] r) {
    return r[0][0] * (r[1][1] * r[2][2] - r[1][2] * r[2][1])
        - r[0][1] * (r[1][0] * r[2][2] - r[1][2] * r[2][0])
        + r[0][2] * (r[1][0] * r[2][1] - r[1][1] * r[2][0]);
  }

  /** (a, b, c, d) with a at least 0; divides by the largest of the four, which is at least 0.5. */
  private static double[] unitQuaternion(double[][] r) {
    double[] squares = {
      1 + r[0][0] + r[1][1] + r[2][2],
      1 + r[0][0] - r[1][1] - r[2][2],
      1 - r[0][0] + r[1][1] - r[2][2],
      1 - r[0][0] - r[1][1] + r[2][2]
    };
    int largest = 0;
    for (int index = 1; index < 4; index++) {
      if (squares[index] > squares[largest]) {
        largest = index;
      }
    }
    double[][] products = {
      {squares[0], r[2][1] - r[1][2], r[0][2] - r[2][0], r[1][0] - r[0][1]},
      {r[2][1] - r[1][2], squares[1], r[0][1] + r[1][0], r[0][2] + r[2][0]},
      {r[0][2] - r[2][0], r[0][1] + r[1][0], squares[2], r[1][2] + r[2][1]},
      {r[1][0] - r[0][1], r[0][2] + r[2][0], r[1][2] + r[2][1], squares[3]}
    };
    double[] q = products[largest];
    double length = Math.sqrt(q[0] * q[0] + q[1] * q[1] + q[2] * q[2] + q[3] * q[3]);
    double sign = q[0] < 0 ? -1 : 1;
    return new double[] {
      sign * q[0] / length, sign * q[1] / length, sign * q[2] / length, sign * q[3] / length
    };
  }
}
