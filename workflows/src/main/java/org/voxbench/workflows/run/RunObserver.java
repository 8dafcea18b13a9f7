package org.voxbench.workflows.run;

import org.voxbench.steps.StepName;
import org.voxbench.workflows.journal.Run;

/** Told how a run goes. */
public interface RunObserver {

  /** The run, or one of its steps, changed its state. */
  default void changed(Run run) {}

  /** A worker told something. */
  default void told(String run, StepName step, Event event) {}
}
