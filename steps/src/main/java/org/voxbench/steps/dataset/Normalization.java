package org.voxbench.steps.dataset;

/**
 * How one channel's intensities were normalised (recipe section 4.4).
 *
 * @param modality the channel's name, such as {@code CT}
 * @param scheme CT: clip to [low, high], subtract mean, divide by deviation. ZSCORE: per case
 * @param masked ZSCORE only: mean and deviation over voxels inside the non-zero mask; 0 outside
 * @param mean CT only: foreground mean over all cases, else 0
 * @param deviation CT only: foreground standard deviation over all cases, else 1
 * @param low CT only: foreground percentile 0.5, else 0
 * @param high CT only: foreground percentile 99.5, else 0
 */
public record Normalization(
    String modality,
    Scheme scheme,
    boolean masked,
    double mean,
    double deviation,
    double low,
    double high) {

  /** The two published schemes. */
  public enum Scheme {
    CT,
    ZSCORE
  }

  public Normalization {
    if (!(deviation > 0)) {
      throw new IllegalArgumentException(
          "deviation: expected above 0 but was %s for %s".formatted(deviation, modality));
    }
  }
}
