package org.voxbench.steps.preprocess;

/** Percentiles with linear interpolation between ranks, as numpy computes them. */
final class Percentiles {

  private Percentiles() {}

  /**
   * A percentile.
   *
   * @param sorted ascending, not empty
   * @param percent 0 to 100
   */
  static double of(double[] sorted, double percent) {
    double rank = percent / 100 * (sorted.length - 1);
    int low = (int) Math.floor(rank);
    int high = Math.min(sorted.length - 1, low + 1);
    return sorted[low] + (sorted[high] - sorted[low]) * (rank - low);
  }

  static double median(double[] sorted) {
    return of(sorted, 50);
  }
}
