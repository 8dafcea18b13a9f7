package org.voxbench.ui;

import java.util.List;

/**
 * One measured quantity over time.
 *
 * @param key dotted name with its step first, such as {@code train.loss}
 * @param points sorted by {@link Point#step()}
 */
public record Curve(String key, List<Point> points) {

  public Curve {
    points = List.copyOf(points);
  }
}
