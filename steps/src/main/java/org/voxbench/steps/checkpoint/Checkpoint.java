package org.voxbench.steps.checkpoint;

import java.util.Locale;

/**
 * Where a training stands. Together with the tensors stored beside it (weights, running statistics,
 * state of the optimizer) this is all a training needs to go on as if it had never stopped, because
 * every random draw is a function of the counters below.
 *
 * @param epoch epochs finished
 * @param iteration iterations finished in all epochs together
 * @param epochEnd false for a state in the middle of an epoch, written because a stop was asked for
 * @param lossSum sum of the losses of the iterations of the unfinished epoch, 0 at an epoch's end
 * @param learningRateFactor what the schedule's learning rate is multiplied by: 1, halved at each
 *     return after a divergence
 * @param returns how often training went back to a checkpoint after a divergence
 * @param validationAverage moving average of the validation Dice (recipe section 2.6), NaN before
 *     the first validation
 */
public record Checkpoint(
    int epoch,
    long iteration,
    boolean epochEnd,
    double lossSum,
    double learningRateFactor,
    int returns,
    double validationAverage) {

  /** The state before the first iteration. */
  public static Checkpoint start() {
    return new Checkpoint(0, 0, true, 0, 1, 0, Double.NaN);
  }

  /** One more iteration. */
  public Checkpoint learnt(double loss) {
    return new Checkpoint(
        epoch,
        iteration + 1,
        false,
        lossSum + loss,
        learningRateFactor,
        returns,
        validationAverage);
  }

  /** The end of the epoch all of whose iterations were learnt. */
  public Checkpoint epochFinished(double newValidationAverage) {
    return new Checkpoint(
        epoch + 1, iteration, true, 0, learningRateFactor, returns, newValidationAverage);
  }

  /** The same state, to be left with another learning rate. */
  public Checkpoint slowedDown(double newFactor, int newReturns) {
    return new Checkpoint(
        epoch, iteration, epochEnd, lossSum, newFactor, newReturns, validationAverage);
  }

  /** The folder's name: the iterations finished, so that names sort by age. */
  public String name() {
    return String.format(Locale.ROOT, "iteration-%09d", iteration);
  }
}
