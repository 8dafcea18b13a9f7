package org.voxbench.steps.preprocess;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;
import org.voxbench.steps.volume.AffineRule;

/**
 * The {@code preprocess:} block of an experiment.
 *
 * @param spacing target spacing; {@code auto} when not given
 * @param normalization scheme for all channels; {@code auto} (by modality) when not given
 * @param affine which affine counts where a file's two disagree; {@code qform} when not given
 */
public record PreprocessSettings(TargetSpacing spacing, Scheme normalization, AffineRule affine) {

  /** How channels are normalised. */
  public enum Scheme {
    /** CT for channels named CT, z-score for all others. */
    @JsonProperty("auto")
    AUTO,
    @JsonProperty("ct")
    CT,
    @JsonProperty("zscore")
    ZSCORE
  }

  public PreprocessSettings(
      @Nullable TargetSpacing spacing,
      @Nullable Scheme normalization,
      @Nullable AffineRule affine) {
    this.spacing = spacing == null ? TargetSpacing.AUTO : spacing;
    this.normalization = normalization == null ? Scheme.AUTO : normalization;
    this.affine = affine == null ? AffineRule.QFORM : affine;
  }

  /** Everything as published. */
  public static PreprocessSettings defaults() {
    return new PreprocessSettings(null, null, null);
  }
}
