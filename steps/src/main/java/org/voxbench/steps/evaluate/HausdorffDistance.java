package org.voxbench.steps.evaluate;

import java.util.Arrays;
import java.util.stream.DoubleStream;

/**
 * Distances between the surfaces of two sets of voxels, defined as in medpy: a voxel lies on the
 * surface when one of its six neighbours is outside the set or outside the image.
 *
 * @param maximum the largest distance from one surface to the other, either way (HD), in the unit
 *     of the lattice's spacing
 * @param percentile95 the 95th percentile of the distances of both directions pooled, with linear
 *     interpolation (HD95)
 * @param mean the mean of the distances of both directions pooled (ASSD, as medpy 0.5 takes it)
 * @param farthest index of a voxel at which the largest distance occurs
 */
record HausdorffDistance(double maximum, double percentile95, double mean, int farthest) {

  /**
   * Measures two surfaces.
   *
   * @param truth ascending voxel indices of the truth's surface, at least one
   * @param prediction likewise of the prediction
   */
  static HausdorffDistance between(int[] truth, int[] prediction, Lattice lattice) {
    double[] forth = DistanceTransform.distances(prediction, truth, lattice);
    double[] back = DistanceTransform.distances(truth, prediction, lattice);
    int worstForth = largest(forth);
    int worstBack = largest(back);
    int farthest = forth[worstForth] >= back[worstBack] ? prediction[worstForth] : truth[worstBack];
    double[] pooled = DoubleStream.concat(Arrays.stream(forth), Arrays.stream(back)).toArray();
    Arrays.sort(pooled);
    double mean = Arrays.stream(pooled).sum() / pooled.length;
    return new HausdorffDistance(
        pooled[pooled.length - 1], percentile(pooled, 0.95), mean, farthest);
  }

  private static int largest(double[] values) {
    int largest = 0;
    for (int i = 1; i < values.length; i++) {
      if (values[i] > values[largest]) {
        largest = i;
      }
    }
    return largest;
  }

  /** The percentile of sorted values as numpy's default takes it. */
  static double percentile(double[] sorted, double share) {
    double position = share * (sorted.length - 1);
    int below = (int) Math.floor(position);
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
  }
}
