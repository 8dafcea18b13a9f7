package org.voxbench.ui;

import java.util.ArrayList;
import java.util.List;

/**
 * Thins a curve so that it looks the same: largest triangle, three buckets (Steinarsson 2013,
 * section 4.2). Gaps (NaN, infinite) split nothing and are never chosen over a finite point, except
 * at the two ends, which always stay.
 */
final class Lttb {

  private Lttb() {}

  /**
   * Chooses points of the curve.
   *
   * @param most how many to keep at most, at least 3
   * @return the curve itself when it is short enough
   */
  static List<Point> thin(List<Point> points, int most) {
    if (most < 3) {
      throw new IllegalArgumentException("expected at least 3 points to keep but found " + most);
    }
    int size = points.size();
    if (size <= most) {
      return points;
    }
    List<Point> kept = new ArrayList<>(most);
    Point last = points.get(0);
    kept.add(last);
    double width = (size - 2) / (double) (most - 2);
    for (int bucket = 0; bucket < most - 2; bucket++) {
      int from = 1 + (int) (bucket * width);
      int to = 1 + (int) ((bucket + 1) * width);
      int nextTo = Math.min(size, 1 + (int) ((bucket + 2) * width));
      last = farthest(last, points.subList(from, to), points.subList(to, Math.max(to + 1, nextTo)));
      kept.add(last);
    }
    kept.add(points.get(size - 1));
    return kept;
  }

  /** The point of the bucket that spans the largest triangle with its neighbours. */
  private static Point farthest(Point left, List<Point> bucket, List<Point> next) {
    double rightX = 0;
    double rightY = 0;
    int finite = 0;
    for (Point point : next) {
      if (Double.isFinite(point.value())) {
        rightX += point.step();
        rightY += point.value();
        finite++;
      }
    }
    rightX = finite == 0 ? next.get(0).step() : rightX / finite;
    rightY = finite == 0 ? 0 : rightY / finite;
    double leftY = Double.isFinite(left.value()) ? left.value() : rightY;
    Point best = bucket.get(0);
    double largest = -1;
    for (Point point : bucket) {
      double area =
          Math.abs(
              (left.step() - rightX) * (point.value() - leftY)
                  - (left.step() - (double) point.step()) * (rightY - leftY));
      if (Double.isFinite(point.value()) && area > largest) {
        largest = area;
        best = point;
      }
    }
    return best;
  }
}
