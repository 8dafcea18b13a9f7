package org.voxbench.steps.train;

import java.util.ArrayList;
import java.util.List;
import org.voxbench.model.ValidationLoss;

/** Loss and Dice over all validation patches of an epoch (recipe section 2.6). */
final class ValidationScore {

  private static final double OLD_SHARE = 0.9;

  private final long[] truePositives;
  private final long[] falsePositives;
  private final long[] falseNegatives;
  private double lossSum;
  private int batches;

  ValidationScore(int classes) {
    truePositives = new long[classes];
    falsePositives = new long[classes];
    falseNegatives = new long[classes];
  }

  void add(ValidationLoss batch) {
    lossSum += batch.loss();
    batches++;
    for (int c = 0; c < truePositives.length; c++) {
      truePositives[c] += batch.truePositives()[c];
      falsePositives[c] += batch.falsePositives()[c];
      falseNegatives[c] += batch.falseNegatives()[c];
    }
  }

  /** Mean over the batches; NaN without any. */
  double loss() {
    return lossSum / batches;
  }

  /** Dice of each foreground class in order; NaN where neither labels nor prediction have it. */
  List<Double> dice() {
    List<Double> dice = new ArrayList<>();
    for (int c = 1; c < truePositives.length; c++) {
      double twice = 2.0 * truePositives[c];
      dice.add(twice / (twice + falsePositives[c] + falseNegatives[c]));
    }
    return dice;
  }

  /** Mean over the foreground classes that are not NaN; NaN when all are. */
  double meanDice() {
    return dice().stream()
        .mapToDouble(Double::doubleValue)
        .filter(value -> !Double.isNaN(value))
        .average()
        .orElse(Double.NaN);
  }

  /**
   * The moving average after this epoch: the first value itself, then nine parts old to one new.
   */
  double average(double before) {
    double now = meanDice();
    if (Double.isNaN(before) || Double.isNaN(now)) {
      return Double.isNaN(now) ? before : now;
    }
    return OLD_SHARE * before + (1 - OLD_SHARE) * now;
  }
}
