package org.voxbench.steps.volume;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Which of a file's two affines counts when both are given and disagree. */
public enum AffineRule {
  /** The qform, as SimpleITK of nnU-Net's time did: the right choice for ACDC. */
  @JsonProperty("qform")
  QFORM,
  /** The sform, as nibabel does. */
  @JsonProperty("sform")
  SFORM,
  /** Refuse the file: a disagreement is an error. */
  @JsonProperty("refuse")
  REFUSE
}
