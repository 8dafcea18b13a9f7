package org.voxbench.steps.volume;

/** Which of a file's two affines counts when both are given and disagree. */
public enum AffineRule {
  /** The qform, as SimpleITK of nnU-Net's time did: the right choice for ACDC. */
  QFORM,
  /** The sform, as nibabel does. */
  SFORM,
  /** Refuse the file: a disagreement is an error. */
  REFUSE
}
