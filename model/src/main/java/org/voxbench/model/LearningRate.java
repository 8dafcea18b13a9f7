package org.voxbench.model;

/**
 * A learning rate that changes over the training, as a function of position alone.
 *
 * @param kind how it falls after the warm-up
 * @param peak the largest value
 * @param total positions of the whole training (epochs or iterations, as the caller counts)
 * @param warmup positions over which it rises linearly to the peak
 */
public record LearningRate(Kind kind, double peak, long total, long warmup) {

  private static final double POWER = 0.9;

  /** How a learning rate falls. */
  public enum Kind {
    /** (1 - t)^0.9, the published rule. */
    POLY,
    /** Half a cosine wave, from the peak to 0. */
    COSINE,
    CONSTANT
  }

  public LearningRate {
    Checks.positive("learningRate", peak);
    if (total < 1 || warmup < 0 || warmup >= total) {
      throw new IllegalArgumentException(
          "schedule.warmup: expected 0 to %d (the training has %d positions) but was %d"
              .formatted(total - 1, total, warmup));
    }
  }

  /** The published schedule: {@code peak * (1 - position / total)^0.9} (recipe section 2.1). */
  public static LearningRate poly(double peak, long total) {
    return new LearningRate(Kind.POLY, peak, total, 0);
  }

  /**
   * The learning rate at a position from 0; from {@code total} on it is the last value, 0 for most.
   */
  public double at(double position) {
    if (position < warmup) {
      return peak * (position + 1) / (warmup + 1);
    }
    double share = Math.min(1, Math.max(0, (position - warmup) / (total - warmup)));
    return switch (kind) {
      case POLY -> peak * StrictMath.pow(1 - share, POWER);
      case COSINE -> peak * 0.5 * (1 + StrictMath.cos(StrictMath.PI * share));
      case CONSTANT -> peak;
    };
  }
}
