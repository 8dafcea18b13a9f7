package org.voxbench.steps.evaluate;

/** What was found when one structure of one case was to be scored. */
public enum Outcome {
  /** Truth and prediction both have voxels. */
  MEASURED,
  /** The truth has voxels, the prediction none: worst distances. */
  MISSED,
  /** The prediction has voxels, the truth none: worst distances. */
  INVENTED,
  /** Neither has a voxel: not in any mean. */
  ABSENT,
  /** The case has no prediction: worst Dice and worst distances. */
  FAILED
}
