package org.voxbench.workflows.dashboard;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.voxbench.workflows.Home;
import org.voxbench.workflows.journal.RunState;
import org.voxbench.workflows.journal.StepRun;
import org.voxbench.workflows.run.Store;

/** Where the published outputs of a run's steps lie. */
public final class Outputs {

  private Outputs() {}

  /** The page of a run's report, or null while there is none. */
  public static @Nullable Path html(StepRun report, Home home) {
    Path output = output(report, home);
    return output == null ? null : output.resolve("report.html");
  }

  /** The published output of a step, or null while there is none. */
  public static @Nullable Path output(StepRun step, Home home) {
    String fingerprint = step.fingerprint();
    return fingerprint == null || step.state() != RunState.SUCCEEDED
        ? null
        : new Store(home.store()).output(step.name(), fingerprint);
  }
}
