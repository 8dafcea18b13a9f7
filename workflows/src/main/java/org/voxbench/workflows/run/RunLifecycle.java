package org.voxbench.workflows.run;

import java.io.IOException;
import java.time.InstantSource;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.voxbench.workflows.Home;
import org.voxbench.workflows.journal.AttemptJournal.Attempt;
import org.voxbench.workflows.journal.Run;
import org.voxbench.workflows.journal.RunJournal;
import org.voxbench.workflows.journal.RunJournal.Match;
import org.voxbench.workflows.journal.RunState;
import org.voxbench.workflows.journal.StepRun;

/** Begins and ends runs. */
public final class RunLifecycle {

  private static final Logger LOG = LoggerFactory.getLogger(RunLifecycle.class);
  private static final long ORPHAN_GRACE_SECONDS = 60;

  private final Home home;
  private final RunJournal journal;
  private final RunObserver observer;
  private final InstantSource clock;

  public RunLifecycle(Home home, RunJournal journal, RunObserver observer, InstantSource clock) {
    this.home = home;
    this.journal = journal;
    this.observer = observer;
    this.clock = clock;
  }

  /** A run's turn has come. */
  public void begin(String id) {
    save(find(id).become(RunState.RUNNING, null, null));
  }

  /** All steps succeeded. */
  public void succeed(String id) {
    save(find(id).become(RunState.SUCCEEDED, clock.instant(), null));
  }

  /** The run was asked to stop; what was computed is saved. */
  public void stop(String id, Throwable cause) {
    end(id, RunState.STOPPED, message(cause));
  }

  /** The run cannot go on by itself. */
  public void fail(String id, Throwable cause) {
    LOG.debug("run {} failed", id, cause);
    end(id, RunState.FAILED, message(cause));
  }

  /** A transient failure is about to be tried again. */
  public void again(String id, Throwable cause) {
    LOG.warn("run {}: {}; trying again", id, message(cause));
  }

  /**
   * Records what a coordinator that died left open. A worker that outlived it is given time to save
   * and stop.
   */
  public void recover() throws IOException {
    for (Attempt attempt : journal.attempts().abandoned()) {
      ProcessHandle orphan = ProcessExecutor.alive(new AttemptFolder(attempt.folder()));
      // In a copy of a home folder the index still names the original's attempts.
      if (orphan != null && attempt.folder().startsWith(home.root())) {
        end(orphan);
      }
      journal.attempts().close(attempt, RunState.LOST);
    }
    for (RunState open : new RunState[] {RunState.RUNNING, RunState.QUEUED}) {
      for (Run run : journal.newest(Match.of(open), Integer.MAX_VALUE, 0)) {
        Run running = open == RunState.QUEUED ? run.become(RunState.RUNNING, null, null) : run;
        journal.save(running);
        end(
            run.id(),
            RunState.LOST,
            "its coordinator died; go on with: voxbench resume " + run.id());
      }
    }
  }

  private static void end(ProcessHandle orphan) {
    orphan.destroy();
    try {
      orphan.onExit().get(ORPHAN_GRACE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      orphan.destroyForcibly();
    }
  }

  private void end(String id, RunState state, String message) {
    Run run = find(id);
    for (StepRun step : run.steps()) {
      if (step.state() == RunState.RUNNING) {
        run = run.with(step.name(), s -> s.become(state, message));
      }
    }
    save(run.become(state, clock.instant(), message));
  }

  private static String message(@Nullable Throwable cause) {
    if (cause == null) {
      return "no message";
    }
    String message = cause.getMessage();
    return message == null ? cause.getClass().getSimpleName() : message;
  }

  private void save(Run run) {
    observer.changed(journal.save(run));
  }

  private Run find(String id) {
    return journal.find(id).orElseThrow(() -> new IllegalStateException("no run " + id));
  }
}
