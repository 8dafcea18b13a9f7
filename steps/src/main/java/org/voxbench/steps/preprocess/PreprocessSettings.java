package org.voxbench.steps.preprocess;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;
import org.voxbench.steps.volume.AffineRule;

/**
 * The {@code preprocess:} block of an experiment.
 *
 * @param spacing target spacing; {@code auto} when not given
 * @param normalization scheme of the channels; {@code auto} (by modality) when not given
 * @param affine which affine counts where a file's two disagree; {@code qform} when not given
 * @param badCases whether bad cases are set aside or refused; set aside when not given
 */
public record PreprocessSettings(
    TargetSpacing spacing, ChannelScaling normalization, AffineRule affine, BadCases badCases) {

  /** What becomes of cases that are unfit to be prepared. */
  public enum BadCases {
    /** They are set aside with a note; one that was to be validated counts as failed. */
    @JsonProperty("quarantine")
    QUARANTINE,
    /** The step refuses the dataset, naming all of them. */
    @JsonProperty("refuse")
    REFUSE
  }

  public PreprocessSettings(
      @Nullable TargetSpacing spacing,
      @Nullable ChannelScaling normalization,
      @Nullable AffineRule affine,
      @Nullable BadCases badCases) {
    this.spacing = spacing == null ? TargetSpacing.AUTO : spacing;
    this.normalization = normalization == null ? ChannelScaling.AUTO : normalization;
    this.affine = affine == null ? AffineRule.QFORM : affine;
    this.badCases = badCases == null ? BadCases.QUARANTINE : badCases;
  }

  /** Everything as published. */
  public static PreprocessSettings defaults() {
    return new PreprocessSettings(null, null, null, null);
  }
}
