package org.voxbench.steps.evaluate;

import java.util.List;

/**
 * What became of the expected cases.
 *
 * @param expected cases of the validation split
 * @param measured both masks had voxels
 * @param missed the prediction was empty, the truth not
 * @param invented the truth was empty, the prediction not
 * @param absent both were empty
 * @param failed there was no prediction
 */
public record Counts(int expected, int measured, int missed, int invented, int absent, int failed) {

  static Counts of(List<StructureScore> scores) {
    return new Counts(
        scores.size(),
        count(scores, Outcome.MEASURED),
        count(scores, Outcome.MISSED),
        count(scores, Outcome.INVENTED),
        count(scores, Outcome.ABSENT),
        count(scores, Outcome.FAILED));
  }

  private static int count(List<StructureScore> scores, Outcome outcome) {
    return (int) scores.stream().filter(score -> score.outcome() == outcome).count();
  }

  /** Whether no case has a voxel of the structure on either side. */
  public boolean emptyEverywhere() {
    return measured + missed + invented == 0;
  }
}
