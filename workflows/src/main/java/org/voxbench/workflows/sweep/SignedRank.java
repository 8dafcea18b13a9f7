package org.voxbench.workflows.sweep;

import java.util.Arrays;
import org.hipparchus.stat.inference.WilcoxonSignedRankTest;

/**
 * Wilcoxon's signed-rank test of paired differences, two-sided. Differences of zero are left out
 * and ties share their mean rank; the distribution given those ranks is counted exactly.
 */
final class SignedRank {

  /** With fewer differences the test cannot reach 0.05 whatever they are: 2 / 2^5 = 0.0625. */
  static final int FEWEST = 6;

  /** What rounding leaves is no difference. */
  private static final double NOTHING = 1e-9;

  private static final int EXACT = 200;

  private SignedRank() {}

  /** How many differences count. */
  static int count(double[] differences) {
    return counting(differences).length;
  }

  /** The probability of differences at least as one-sided if each might as well be its opposite. */
  static double p(double[] differences) {
    double[] counting = counting(differences);
    if (counting.length == 0) {
      return 1;
    }
    if (counting.length > EXACT) {
      double[] zeros = new double[counting.length];
      return new WilcoxonSignedRankTest().wilcoxonSignedRankTest(counting, zeros, false);
    }
    int[] ranks = doubledRanks(counting);
    int total = 0;
    int positive = 0;
    for (int i = 0; i < ranks.length; i++) {
      total += ranks[i];
      positive += counting[i] > 0 ? ranks[i] : 0;
    }
    return Math.min(1, 2 * atMost(Math.min(positive, total - positive), ranks, total));
  }

  private static double[] counting(double[] differences) {
    return Arrays.stream(differences).filter(d -> Math.abs(d) > NOTHING).toArray();
  }

  /** Twice the rank of each by size, so that the mean rank of ties is a whole number. */
  private static int[] doubledRanks(double[] differences) {
    int[] ranks = new int[differences.length];
    for (int i = 0; i < ranks.length; i++) {
      int smaller = 0;
      int same = 0;
      for (double other : differences) {
        double more = Math.abs(other) - Math.abs(differences[i]);
        smaller += more < -NOTHING ? 1 : 0;
        same += Math.abs(more) <= NOTHING ? 1 : 0;
      }
      ranks[i] = 2 * smaller + same + 1;
    }
    return ranks;
  }

  /** Share of all choices of signs whose positive ranks sum to at most {@code sum}. */
  private static double atMost(int sum, int[] ranks, int total) {
    double[] share = new double[total + 1];
    share[0] = 1;
    for (int rank : ranks) {
      for (int s = total; s >= 0; s--) {
        share[s] = (share[s] + (s >= rank ? share[s - rank] : 0)) / 2;
      }
    }
    double all = 0;
    for (int s = 0; s <= sum; s++) {
      all += share[s];
    }
    return all;
  }
}
