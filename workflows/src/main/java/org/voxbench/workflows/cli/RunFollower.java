package org.voxbench.workflows.cli;

import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;
import org.voxbench.steps.StepName;
import org.voxbench.steps.StepStoppedException;
import org.voxbench.workflows.Home;
import org.voxbench.workflows.cli.shared.Interruption;
import org.voxbench.workflows.coordinator.Coordinators;
import org.voxbench.workflows.coordinator.RunFiles;
import org.voxbench.workflows.journal.Run;
import org.voxbench.workflows.journal.RunState;
import org.voxbench.workflows.journal.StepRun;
import org.voxbench.workflows.run.AttemptFolder;
import org.voxbench.workflows.run.Event;
import org.voxbench.workflows.run.EventTail;
import org.voxbench.workflows.run.RunObserver;

/** Watches a run that another process works on, through the files in its folder. */
final class RunFollower {

  private static final long EVERY_MILLIS = 300;

  private final Home home;
  private final String id;
  private final RunObserver observer;
  private final Map<StepName, Tail> tails = new EnumMap<>(StepName.class);

  private record Tail(int attempt, EventTail events) {}

  RunFollower(Home home, String id, RunObserver observer) {
    this.home = home;
    this.id = id;
    this.observer = observer;
  }

  /**
   * Returns when the run has ended, or stops watching when asked to; the run itself goes on then.
   */
  Run untilEnd(Interruption stop) throws IOException, InterruptedException {
    Run run = look();
    while (!run.state().ended()) {
      if (stop.await(EVERY_MILLIS)) {
        throw new StepStoppedException(
            "no longer watching; run "
                + id
                + " goes on in the process that serves. See it with: voxbench show "
                + id
                + home.option());
      }
      run = look();
      if (!run.state().ended() && !Coordinators.isServed(home)) {
        throw new StepStoppedException(
            "the process that serves has ended; run "
                + id
                + " goes on when voxbench serve starts again, or with: voxbench resume "
                + id
                + home.option());
      }
    }
    return run;
  }

  private Run look() throws IOException {
    Run run = RunFiles.read(home, id);
    observer.changed(run);
    for (StepRun step : run.steps()) {
      if (step.state() == RunState.RUNNING && step.attempt() > 0) {
        for (Event event : tail(step).events().next()) {
          observer.told(id, step.name(), event);
        }
      }
    }
    return run;
  }

  private Tail tail(StepRun step) {
    return tails.compute(
        step.name(),
        (name, known) ->
            known != null && known.attempt() == step.attempt()
                ? known
                : new Tail(
                    step.attempt(),
                    new EventTail(AttemptFolder.of(home, id, name, step.attempt()).events(), 0)));
  }
}
