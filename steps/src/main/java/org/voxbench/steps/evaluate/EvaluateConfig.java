package org.voxbench.steps.evaluate;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * How predictions are made; {@code evaluate:} in the configuration.
 *
 * @param overlap share of a window that the next one covers again, 0 to 0.9; published 0.5
 * @param mirror whether to average over the eight mirrored views; published true
 * @param batch windows given to the network at once, at least 1
 * @param precision {@code auto}, {@code float32}, {@code bfloat16} or {@code float16}
 */
public record EvaluateConfig(double overlap, boolean mirror, int batch, String precision) {

  public EvaluateConfig {
    if (!(overlap >= 0 && overlap <= 0.9)) {
      throw new IllegalArgumentException(
          "evaluate.overlap: expected 0 to 0.9 but was " + overlap + "; published is 0.5");
    }
    PublishedNetwork.precision(precision);
    if (batch < 1) {
      throw new IllegalArgumentException("evaluate.batch: expected at least 1 but was " + batch);
    }
  }

  @JsonCreator
  static EvaluateConfig of(
      @JsonProperty("overlap") @Nullable Double overlap,
      @JsonProperty("mirror") @Nullable Boolean mirror,
      @JsonProperty("batch") @Nullable Integer batch,
      @JsonProperty("precision") @Nullable String precision) {
    return new EvaluateConfig(
        overlap == null ? 0.5 : overlap,
        mirror == null || mirror,
        batch == null ? 1 : batch,
        precision == null ? "auto" : precision);
  }

  /** As published: half overlap, mirrored. */
  public static EvaluateConfig published() {
    return of(null, null, null, null);
  }
}
