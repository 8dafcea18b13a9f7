package org.voxbench.workflows.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.voxbench.steps.TransientStepException;
import org.voxbench.workflows.Home;
import org.voxbench.workflows.config.Retries;
import org.voxbench.workflows.journal.Run;
import org.voxbench.workflows.journal.RunJournal;
import org.voxbench.workflows.journal.RunState;
import org.voxbench.workflows.journal.StepRun;
import org.voxbench.workflows.logs.Logs;

/** Begins and ends runs. */
public final class RunLifecycle {

  private static final Logger LOG = LoggerFactory.getLogger(RunLifecycle.class);

  private final Home home;
  private final RunJournal journal;
  private final RunObserver observer;
  private final InstantSource clock;
  private final Stops stops;
  private final AtShutdown atShutdown;

  /** What becomes of a run that is being worked on when its coordinator is asked to end. */
  public enum AtShutdown {
    /** It waits for somebody to resume it. */
    STOPS,
    /** It goes back to the queue: the next coordinator goes on with it. */
    WAITS
  }

  /**
   * @param stops who was asked to stop, and why
   */
  public RunLifecycle(
      Home home, RunJournal journal, RunObserver observer, InstantSource clock, Stops stops) {
    this(home, journal, observer, clock, stops, AtShutdown.STOPS);
  }

  /** The same, saying what a shutdown means. */
  public RunLifecycle(
      Home home,
      RunJournal journal,
      RunObserver observer,
      InstantSource clock,
      Stops stops,
      AtShutdown atShutdown) {
    this.home = home;
    this.journal = journal;
    this.observer = observer;
    this.clock = clock;
    this.stops = stops;
    this.atShutdown = atShutdown;
  }

  /**
   * A run's turn has come.
   *
   * @return false when it is no longer wanted, or everything is about to stop: it stays as it is
   */
  public boolean begin(String id) {
    Optional<Run> run = journal.find(id);
    if (run.isEmpty() || run.get().state() != RunState.QUEUED || stops.everything()) {
      return false;
    }
    Optional<String> full = DiskGuard.of(home).refusal();
    if (full.isPresent() && atShutdown == AtShutdown.WAITS) {
      Logs.about(id, () -> LOG.error("run {} stays in the queue: {}", id, full.get()));
      return false;
    }
    if (atShutdown == AtShutdown.WAITS) {
      // What an earlier shortage used up.
      DiskGuard.of(home).setAside();
    }
    Logs.about(id, () -> LOG.info("run {} begins", id));
    change(id, r -> r.become(RunState.RUNNING, null, null));
    return true;
  }

  /** All steps succeeded. */
  public void succeed(String id) {
    Logs.about(id, () -> LOG.info("run {} succeeded", id));
    change(id, run -> run.become(RunState.SUCCEEDED, clock.instant(), null));
    stops.done(id);
  }

  /** The run was asked to stop; what was computed is saved. */
  public void stop(String id, Throwable cause) {
    Logs.about(id, () -> LOG.info("run {} stops: {}", id, message(cause)));
    Optional<Stops.Why> why = stops.why(id);
    if (why.isEmpty() && stops.everything() && atShutdown == AtShutdown.WAITS) {
      change(id, run -> run.requeued("saved; goes on when voxbench serve starts again"));
    } else if (why.isEmpty()) {
      end(id, RunState.STOPPED, message(cause));
    } else if (why.get() == Stops.Why.CANCEL) {
      end(id, RunState.CANCELLED, "cancelled on request");
    } else {
      end(id, RunState.STOPPED, "paused on request");
    }
    stops.done(id);
  }

  /** The run cannot go on by itself. */
  public void fail(String id, Throwable cause) {
    Logs.about(
        id,
        () -> LOG.info("run {} failed and will not be tried again: {}", id, message(cause), cause));
    end(id, RunState.FAILED, message(cause));
    stops.done(id);
  }

  /** The run harms its workers: it is taken out of the queue until somebody looks at it. */
  public void park(String id, Throwable cause) {
    Logs.about(id, () -> LOG.warn("run {} is parked: {}", id, message(cause)));
    end(id, RunState.PARKED, message(cause));
    stops.done(id);
  }

  /** What a run's experiment says about retries; null where it says nothing. */
  public @Nullable Retries retries(String id) {
    try {
      return FrozenExperiment.read(home.run(id)).retries();
    } catch (IOException e) {
      return null;
    }
  }

  /** A failure that might have passed did not, however often it was tried. */
  public void giveUp(String id, Throwable cause, int attempts) {
    String tried = attempts == 1 ? "1 attempt" : attempts + " attempts";
    fail(id, new TransientStepException(message(cause) + " (given up after " + tried + ")", cause));
  }

  /**
   * A transient failure will be tried again: waits for so long, or until the run is asked to stop.
   */
  public void backOff(String id, Throwable cause, Duration pause) {
    Logs.about(
        id,
        () ->
            LOG.warn(
                "run {}: {}; trying again in {} s", id, message(cause), pause.toMillis() / 1e3));
    stops.await(id, pause);
  }

  private void end(String id, RunState state, String message) {
    change(
        id,
        before -> {
          Run run = before;
          RunState steps = state == RunState.CANCELLED ? RunState.STOPPED : state;
          for (StepRun step : before.steps()) {
            if (step.state() == RunState.RUNNING) {
              run = run.with(step.name(), s -> s.become(ofStep(steps), message));
            }
          }
          return run.become(state, clock.instant(), message);
        });
  }

  private static RunState ofStep(RunState run) {
    return run == RunState.PARKED ? RunState.LOST : run;
  }

  private static String message(@Nullable Throwable cause) {
    if (cause == null) {
      return "no message";
    }
    String message = cause.getMessage();
    return message == null ? cause.getClass().getSimpleName() : message;
  }

  private void change(String id, UnaryOperator<Run> change) {
    try {
      observer.changed(journal.update(id, change));
    } catch (UncheckedIOException e) {
      if (Files.isDirectory(home.run(id))) {
        throw e;
      }
      LOG.warn("the folder of run {} was deleted while it was worked on; it is forgotten", id);
      journal.forget(id);
    }
  }
}
