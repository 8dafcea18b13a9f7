package org.voxbench.steps.evaluate;

import java.util.Arrays;
import java.util.stream.DoubleStream;

/**
 * Distances between the surfaces of two sets of voxels, defined as in medpy: a voxel lies on the
 * surface when one of its six neighbours is outside the set or outside the image.
 *
 * @param maximum the largest distance from one surface to the other, either way (HD), in the unit
 *     of the grid's spacing
 * @param percentile95 the 95th percentile of the distances of both directions pooled, with linear
 *     interpolation (HD95)
 * @param mean the mean of the distances of both directions pooled (ASSD, as medpy 0.5 takes it)
 */
record HausdorffDistance(double maximum, double percentile95, double mean) {

  /**
   * Measures two surfaces.
   *
   * @param truth ascending voxel indices of the truth's surface, at least one
   * @param prediction likewise of the prediction
   */
  static HausdorffDistance between(int[] truth, int[] prediction, Lattice grid) {
    double[] forth = DistanceTransform.distances(prediction, truth, grid);
    double[] back = DistanceTransform.distances(truth, prediction, grid);
    double[] pooled = DoubleStream.concat(Arrays.stream(forth), Arrays.stream(back)).toArray();
    Arrays.sort(pooled);
    return new HausdorffDistance(pooled[pooled.length - 1], percentile(pooled, 0.95), mean(pooled));
  }

  private static double mean(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum / values.length;
  }

  /** The percentile of sorted values as numpy's default takes it. */
  static double percentile(double[] sorted, double share) {
    double position = share * (sorted.length - 1);
    int below = (int) Math.floor(position);
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
  }
}
