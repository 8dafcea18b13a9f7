package org.voxbench.workflows.run;

import java.io.IOException;
import java.nio.file.Files;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.voxbench.steps.StepName;
import org.voxbench.workflows.Home;
import org.voxbench.workflows.journal.AttemptJournal.Attempt;
import org.voxbench.workflows.journal.Run;
import org.voxbench.workflows.journal.RunIndex;
import org.voxbench.workflows.journal.RunIndex.Filter;
import org.voxbench.workflows.journal.RunJournal;
import org.voxbench.workflows.journal.RunState;
import org.voxbench.workflows.journal.SlotJournal.Use;
import org.voxbench.workflows.journal.StepRun;
import org.voxbench.workflows.run.AttemptFolder.Ending;
import org.voxbench.workflows.run.AttemptFolder.Result;

/**
 * The start-up sweep of a coordinator: whatever an earlier one left open gets an owner again.
 * Workers that outlived it keep their attempts, to be adopted; attempts whose workers are dead are
 * closed; runs go back to the queue.
 */
public final class Recovery {

  private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);

  private final Home home;
  private final RunJournal journal;
  private final LivingWorkers workers;
  private final Store store;
  private final InstantSource clock;

  public Recovery(Home home, RunJournal journal, LivingWorkers workers, InstantSource clock) {
    this.home = home;
    this.journal = journal;
    this.workers = workers;
    this.store = new Store(home.store());
    this.clock = clock;
  }

  /**
   * What was found.
   *
   * @param adoptable attempts whose workers live, or succeeded and nobody took their output
   * @param waiting ids of all runs that wait in the queue now, the next one first
   * @param parked ids of the runs that were taken out of the queue
   */
  public record Found(List<Attempt> adoptable, List<String> waiting, List<String> parked) {}

  /** Does it. */
  public Found recover() throws IOException {
    new RunFolders(home, journal).catchUp();
    List<Attempt> adoptable = new ArrayList<>();
    for (Attempt attempt : journal.attempts().open()) {
      if (adoptable(attempt)) {
        adoptable.add(attempt);
      } else {
        journal.attempts().close(attempt, ending(attempt));
      }
    }
    releaseSlots();
    List<String> parked = new ArrayList<>();
    for (Run run :
        journal
            .runs()
            .find(Filter.in(RunState.RUNNING), RunIndex.Sort.CREATED, Integer.MAX_VALUE)) {
      if (!requeued(run)) {
        parked.add(run.id());
      }
    }
    List<String> waiting =
        journal
            .runs()
            .find(Filter.in(RunState.QUEUED), RunIndex.Sort.PRIORITY, Integer.MAX_VALUE)
            .stream()
            .map(Run::id)
            .toList();
    return new Found(List.copyOf(adoptable), waiting, List.copyOf(parked));
  }

  private boolean adoptable(Attempt attempt) throws IOException {
    // In a copy of a home folder the index still names the original's attempts.
    if (!attempt.folder().startsWith(home.root()) || !Files.isDirectory(attempt.folder())) {
      return false;
    }
    AttemptFolder folder = new AttemptFolder(attempt.folder());
    return workers.live(attempt)
        || (succeeded(folder) && isAsked(folder) && !published(attempt, folder));
  }

  /** A power cut may have taken the last that the index knew: its output is in the store. */
  private boolean published(Attempt attempt, AttemptFolder folder) throws IOException {
    if (!succeeded(folder) || !isAsked(folder) || Files.exists(folder.manifest())) {
      return false;
    }
    String digest = folder.readRequest().fingerprint().digest();
    return store.find(attempt.step(), digest).isPresent();
  }

  /** A failure is nothing to go on from: what was in its way may have been mended meanwhile. */
  private static boolean succeeded(AttemptFolder folder) throws IOException {
    Result result = folder.readResult();
    return result != null && result.ending() == Ending.SUCCEEDED;
  }

  /** How an attempt ended that nobody works on any more. */
  private RunState ending(Attempt attempt) throws IOException {
    AttemptFolder folder = new AttemptFolder(attempt.folder());
    Result result = folder.readResult();
    if (result == null) {
      return RunState.LOST;
    }
    return switch (result.ending()) {
      case SUCCEEDED -> published(attempt, folder) ? RunState.SUCCEEDED : RunState.LOST;
      case STOPPED -> RunState.STOPPED;
      case TRANSIENT_FAILURE, PERMANENT_FAILURE -> RunState.FAILED;
    };
  }

  /** A power cut may have taken the request. */
  private static boolean isAsked(AttemptFolder folder) {
    try {
      return folder.readRequest().run() != null;
    } catch (IOException torn) {
      return false;
    }
  }

  /** What only computed is done with its device, also while its output waits to be taken. */
  private void releaseSlots() {
    for (Use use : journal.slots().uses()) {
      if (!workers.worksIn(use)) {
        journal.slots().release(use);
      }
    }
  }

  /** Gives whether the run waits again; it is parked when its workers die again and again. */
  private boolean requeued(Run run) {
    for (StepRun step : run.steps()) {
      StepName name = step.name();
      int deaths = journal.attempts().deaths(run.id(), name);
      if (step.state() == RunState.RUNNING && deaths >= ParkedException.DEATHS) {
        String why = ParkedException.reason(run.id(), name.key(), deaths);
        LOG.warn("run {} is parked: {}", run.id(), why);
        journal.update(
            run.id(),
            r ->
                r.with(name, s -> s.become(RunState.LOST, why))
                    .become(RunState.PARKED, clock.instant(), why));
        return false;
      }
    }
    journal.update(run.id(), r -> r.requeued("its coordinator died; it waits to be taken over"));
    return true;
  }
}
