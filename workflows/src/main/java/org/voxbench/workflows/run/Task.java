package org.voxbench.workflows.run;

import java.util.Map;
import org.voxbench.steps.StepName;
import org.voxbench.workflows.run.Planner.Decision;
import org.voxbench.workflows.run.Store.Published;

/** What is to be made for which run. */
record Task(
    String run, FrozenExperiment experiment, Decision decision, Map<StepName, Published> inputs) {

  StepName step() {
    return decision.fingerprint().step();
  }

  String digest() {
    return decision.fingerprint().digest();
  }
}
