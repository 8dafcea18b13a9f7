package org.voxbench.steps.evaluate;

/**
 * Surface distances in mm; the image's diagonal where one mask is empty.
 *
 * @param hd the largest distance, either way
 * @param hd95 the 95th percentile of both directions pooled
 * @param assd the mean of both directions pooled
 */
public record Distances(double hd, double hd95, double assd) {

  static Distances worst(double diagonal) {
    return new Distances(diagonal, diagonal, diagonal);
  }
}
