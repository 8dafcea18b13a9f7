package org.voxbench.steps.check;

/** What is to be done with a case. */
public enum Verdict {
  /** Nothing to say. */
  SOUND,
  /** Usable; somebody should know what was found. */
  NOTED,
  /** Preprocessing would refuse it. It still counts in every report's denominator. */
  QUARANTINED
}
