package org.voxbench.workflows.coordinator;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.voxbench.workflows.Home;
import org.voxbench.workflows.journal.Run;
import org.voxbench.workflows.journal.RunJournal;
import org.voxbench.workflows.journal.RunState;
import org.voxbench.workflows.journal.Submission;
import org.voxbench.workflows.run.DiskGuard;
import org.voxbench.workflows.run.FrozenExperiment;
import org.voxbench.workflows.run.OrphanWorkers;
import org.voxbench.workflows.run.RunObserver;
import org.voxbench.workflows.run.Stops;
import org.voxbench.workflows.run.Tidying;
import org.voxbench.workflows.shipping.Provenance;
import org.voxbench.workflows.shipping.TrackingTarget;

/** Takes orders: writes down what is asked for; others work on it. */
public final class Desk implements Coordinator {

  private static final Duration GRACE = Duration.ofMinutes(2);
  private static final Set<RunState> UNWANTED =
      EnumSet.of(RunState.QUEUED, RunState.STOPPED, RunState.LOST, RunState.PARKED);

  private final Home home;
  private final RunJournal journal;
  private final RunObserver observer;
  private final TrackingTarget targets;
  private final InstantSource clock;
  private final Tidying tidying;

  public Desk(
      Home home,
      RunJournal journal,
      RunObserver observer,
      TrackingTarget targets,
      InstantSource clock) {
    this(home, journal, observer, targets, clock, new Tidying());
  }

  /**
   * @param tidying sees to it that a run which is about to go on stays
   */
  Desk(
      Home home,
      RunJournal journal,
      RunObserver observer,
      TrackingTarget targets,
      InstantSource clock,
      Tidying tidying) {
    this.home = home;
    this.journal = journal;
    this.observer = observer;
    this.targets = targets;
    this.clock = clock;
    this.tidying = tidying;
  }

  @Override
  public String submit(Order order) throws IOException {
    refuseWhenFull();
    String configuration = order.experiment().digest(Steps.versions());
    Optional<Run> waiting = journal.runs().newest(configuration, RunState.QUEUED);
    if (waiting.isPresent() && order.sweep() == null) {
      return waiting.get().id();
    }
    String name = order.experiment().name();
    String id = home.claimRunId(name);
    FrozenExperiment.of(order.experiment()).write(home.run(id));
    Path kept = home.run(id).resolve("experiment.yaml");
    Files.copy(order.source(), kept, StandardCopyOption.REPLACE_EXISTING);
    Provenance.keep(home.run(id), order.source());
    targets.keep(home.run(id), order.experiment().trackingUri());
    Submission submission =
        new Submission(configuration, order.priority(), order.sweep(), order.cell());
    observer.changed(journal.submit(Run.queued(id, name, clock.instant()), submission));
    return id;
  }

  /** What a run was asked for with; 0 where nobody can read it any more. */
  int priority(String id) {
    try {
      return RunJournal.submission(home.run(id)).map(Submission::priority).orElse(0);
    } catch (IOException gone) {
      return 0;
    }
  }

  private void refuseWhenFull() {
    DiskGuard.of(home)
        .refusal()
        .ifPresent(
            why -> {
              throw new IllegalArgumentException(why);
            });
  }

  @Override
  public String resume(String id) throws IOException {
    refuseWhenFull();
    return tidying.relying(() -> queueAgain(id));
  }

  private String queueAgain(String id) throws IOException {
    Run run = RunFiles.read(home, id);
    if (run.state() == RunState.RUNNING) {
      throw new IllegalArgumentException("run " + id + " is being worked on already");
    }
    if (run.state() != RunState.QUEUED) {
      observer.changed(journal.update(id, Run::requeued));
    }
    return id;
  }

  @Override
  public String stop(String id, Stops.Why why) throws IOException {
    Run run = RunFiles.read(home, id);
    boolean cancel = why == Stops.Why.CANCEL;
    if (run.state() == RunState.RUNNING) {
      OrphanWorkers.end(home, journal, id, GRACE);
      observer.changed(journal.update(id, Run::requeued));
    } else if (!UNWANTED.contains(run.state()) || (!cancel && run.state() != RunState.QUEUED)) {
      throw new IllegalArgumentException(
          "run "
              + id
              + ": expected a run that waits or is being worked on but found one that is "
              + run.state().name().toLowerCase(java.util.Locale.ROOT));
    } else {
      OrphanWorkers.end(home, journal, id, GRACE);
    }
    RunState state = cancel ? RunState.CANCELLED : RunState.STOPPED;
    String message = cancel ? "cancelled on request" : "paused on request";
    observer.changed(journal.update(id, r -> r.become(state, clock.instant(), message)));
    return id;
  }
}
