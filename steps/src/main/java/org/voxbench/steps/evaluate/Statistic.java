package org.voxbench.steps.evaluate;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A summary of one figure over cases.
 *
 * @param n how many cases count
 * @param mean null when none counts; likewise the others
 * @param sd the sample's standard deviation; null below two cases
 */
public record Statistic(
    int n,
    @Nullable Double mean,
    @Nullable Double sd,
    @Nullable Double median,
    @Nullable Double min,
    @Nullable Double max) {

  static Statistic of(List<Double> values) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    int n = sorted.length;
    if (n == 0) {
      return new Statistic(0, null, null, null, null, null);
    }
    double mean = values.stream().mapToDouble(Double::doubleValue).sum() / n;
    double squares = 0;
    for (double value : sorted) {
      squares += (value - mean) * (value - mean);
    }
    Double sd = n < 2 ? null : Double.valueOf(Math.sqrt(squares / (n - 1)));
    double median = HausdorffDistance.percentile(sorted, 0.5);
    return new Statistic(n, mean, sd, median, sorted[0], sorted[n - 1]);
  }
}
