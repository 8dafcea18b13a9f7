package org.voxbench.steps.evaluate;

/** The overlap of two sets of voxels: twice what they share, over the sum of their sizes. */
final class Dice {

  private Dice() {}

  /**
   * The Dice coefficient in [0, 1]; NaN when both sets are empty, because then there is nothing to
   * measure.
   *
   * @param truth voxels of the truth
   * @param prediction voxels of the prediction
   * @param shared voxels of both
   */
  static double of(long truth, long prediction, long shared) {
    return truth + prediction == 0 ? Double.NaN : 2.0 * shared / (truth + prediction);
  }

  /** As the published scripts count: 1 when both sets are empty (recipe section 6.2). */
  static double asPublished(long truth, long prediction, long shared) {
    return truth + prediction == 0 ? 1 : of(truth, prediction, shared);
  }
}
