package org.voxbench.workflows.run;

import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.voxbench.steps.PermanentStepException;
import org.voxbench.steps.StepName;
import org.voxbench.steps.StepStoppedException;
import org.voxbench.steps.TransientStepException;
import org.voxbench.workflows.Home;
import org.voxbench.workflows.journal.AttemptJournal;
import org.voxbench.workflows.journal.AttemptJournal.Attempt;
import org.voxbench.workflows.journal.RunJournal;
import org.voxbench.workflows.journal.RunState;
import org.voxbench.workflows.journal.SlotJournal.Use;
import org.voxbench.workflows.journal.StepRun;
import org.voxbench.workflows.logs.Logs;
import org.voxbench.workflows.run.AttemptBeginnings.Start;
import org.voxbench.workflows.run.AttemptFolder.Result;
import org.voxbench.workflows.run.Store.Published;

/** Makes outputs: claims a fingerprint, has an attempt worked on, publishes what came of it. */
final class AttemptRunner {

  private static final Logger LOG = LoggerFactory.getLogger(AttemptRunner.class);
  private static final long SOON_MILLIS = 50;
  private static final long LATER_MILLIS = 1000;

  private final Home home;
  private final RunJournal journal;
  private final AttemptJournal attempts;
  private final Store store;
  private final Workshop workshop;
  private final RunObserver observer;
  private final AttemptBeginnings beginnings;

  /** The fences of the attempts that this process attends to. */
  private final Set<Long> attended = ConcurrentHashMap.newKeySet();

  AttemptRunner(
      Home home, RunJournal journal, Store store, Workshop workshop, RunObserver observer) {
    this.home = home;
    this.journal = journal;
    this.attempts = journal.attempts();
    this.store = store;
    this.workshop = workshop;
    this.observer = observer;
    this.beginnings = new AttemptBeginnings(home, journal, store);
  }

  /**
   * Makes the output.
   *
   * @return false when another attempt holds the fingerprint, or has just published
   */
  boolean attempt(Task task) throws IOException {
    if (attempts.holder(task.digest()).isPresent()) {
      return false;
    }
    Optional<Use> slot =
        workshop.slots().take(task.run(), task.step(), task.experiment().resources());
    try {
      Optional<Attempt> opened = open(task);
      if (opened.isEmpty()) {
        return false;
      }
      return work(task, opened.get(), slot);
    } finally {
      workshop.slots().release(slot);
    }
  }

  private Optional<Attempt> open(Task task) {
    Optional<Attempt> opened = attempts.open(beginnings.claim(task), workshop.clock().instant());
    opened.ifPresent(attempt -> attended.add(attempt.fence()));
    return opened;
  }

  private boolean work(Task task, Attempt attempt, Optional<Use> slot) throws IOException {
    try {
      Optional<Start> start = workshop.tidying().relying(() -> beginnings.start(task, attempt));
      if (start.isEmpty()) {
        attempts.withdraw(attempt);
        return false;
      }
      begin(task, attempt, start.get().reason());
      AttemptFolder folder = new AttemptFolder(attempt.folder());
      folder.create(
          beginnings.request(task, attempt, start.get().earlier()), slot.map(Use::slot).orElse(""));
      work(attempt, folder, false);
      return true;
    } catch (IOException | RuntimeException e) {
      attempts.close(attempt, RunState.FAILED);
      throw e;
    } finally {
      attended.remove(attempt.fence());
    }
  }

  private void begin(Task task, Attempt attempt, String reason) {
    Logs.attempt(attempt.number());
    LOG.info(
        "attempt {} of step {} of run {} begins: {}",
        attempt.number(),
        task.step().key(),
        task.run(),
        reason);
    observer.changed(
        journal.note(
            task.run(),
            run ->
                run.with(
                    task.step(),
                    step ->
                        (step.state() == RunState.QUEUED
                                ? step.become(RunState.RUNNING, null)
                                : step)
                            .decided(false, reason, task.digest())
                            .numbered(attempt.number()))));
  }

  /** Has an attempt worked on, or attends to one that is, and publishes what came of it. */
  private void work(Attempt attempt, AttemptFolder folder, boolean begun) throws IOException {
    EventFeed feed =
        new EventFeed(attempt.run(), attempt.step(), folder.events(), journal.curves(), observer);
    Heartbeat heartbeat = new Heartbeat(attempts, attempt, folder, workshop.clock());
    Executor.Watch watch =
        () -> {
          DiskGuard.of(home).relieve();
          feed.readNew();
          return heartbeat.beat();
        };
    long start = System.nanoTime();
    try {
      Result result =
          begun
              ? workshop.executor().attend(folder, watch)
              : workshop.executor().execute(folder, watch);
      conclude(attempt, folder, result, (System.nanoTime() - start) / 1e9);
    } catch (IOException | RuntimeException e) {
      double seconds = (System.nanoTime() - start) / 1e9;
      observer.changed(
          journal.note(attempt.run(), r -> r.with(attempt.step(), s -> s.spent(seconds))));
      throw e;
    }
  }

  private void conclude(
      Attempt attempt, AttemptFolder folder, @Nullable Result result, double seconds)
      throws IOException {
    if (result == null) {
      died(attempt, folder);
      return;
    }
    String message = result.message() == null ? "no message" : result.message();
    switch (result.ending()) {
      case SUCCEEDED -> publish(attempt, folder, seconds);
      case STOPPED -> {
        attempts.close(attempt, RunState.STOPPED);
        if (workshop.stops().requested(attempt.run())) {
          throw new StepStoppedException(message);
        }
        throw new TransientStepException(
            "the worker of step "
                + attempt.step().key()
                + " saved and stopped though nobody here asked it to");
      }
      case TRANSIENT_FAILURE -> {
        attempts.close(attempt, RunState.FAILED);
        throw new TransientStepException(message);
      }
      case PERMANENT_FAILURE -> {
        attempts.close(attempt, RunState.FAILED);
        throw new PermanentStepException(message);
      }
    }
  }

  private void died(Attempt attempt, AttemptFolder folder) throws IOException {
    String step = attempt.step().key();
    if (workshop.stops().requested(attempt.run())) {
      attempts.close(attempt, RunState.STOPPED);
      throw new StepStoppedException(
          "the worker of step "
              + step
              + " did not save in time and was killed; what it had saved before is kept");
    }
    attempts.close(attempt, RunState.LOST);
    int deaths = attempts.deaths(attempt.run(), attempt.step());
    if (deaths >= ParkedException.DEATHS) {
      throw new ParkedException(ParkedException.reason(attempt.run(), step, deaths));
    }
    throw new TransientStepException("step " + step + ": " + workshop.executor().epitaph(folder));
  }

  /** Publishes while the lease holds, then gives the lease back: nobody can come in between. */
  private void publish(Attempt attempt, AttemptFolder folder, double seconds) throws IOException {
    if (!attempts.renew(attempt, workshop.clock().instant())) {
      throw new PermanentStepException(
          "attempt "
              + attempt.number()
              + " of step "
              + attempt.step().key()
              + " was taken over; its output is not published");
    }
    Fingerprint fingerprint = folder.readRequest().fingerprint();
    // Who clears up may have read that run before it named this fingerprint.
    Published published =
        workshop.tidying().relying(() -> store.publish(folder.product(), fingerprint));
    attempts.close(attempt, RunState.SUCCEEDED);
    StepRun step = journal.find(attempt.run()).orElseThrow().step(attempt.step());
    if (step.state() == RunState.RUNNING && fingerprint.digest().equals(step.fingerprint())) {
      succeed(attempt.run(), published, s -> s.spent(seconds));
      LOG.info("step {} of run {} succeeded", attempt.step().key(), attempt.run());
    }
  }

  /** Records that a run's step has its output, with another change of the step. */
  void succeed(String id, Published published, UnaryOperator<StepRun> also) {
    StepName name = published.manifest().fingerprint().step();
    observer.changed(
        journal.update(
            id,
            run ->
                run.plus(published.manifest().metrics())
                    .with(name, step -> also.apply(step).become(RunState.SUCCEEDED, null))));
  }

  /**
   * Waits for the attempt that holds the fingerprint; one without a coordinator is adopted.
   *
   * @param asked so often before: many may wait for hours for the same data
   */
  void awaitHolder(Task task, int asked) throws IOException {
    Optional<Attempt> holder = attempts.holder(task.digest());
    if (holder.isEmpty()) {
      return;
    }
    if (!attended.add(holder.get().fence())) {
      workshop.stops().check(task.run());
      workshop.slots().pause(Math.min(LATER_MILLIS, SOON_MILLIS << Math.min(asked, 10)));
      return;
    }
    try {
      adopt(task, holder.get());
    } finally {
      attended.remove(holder.get().fence());
    }
  }

  private void adopt(Task task, Attempt attempt) throws IOException {
    if (!attempts.renew(attempt, workshop.clock().instant())) {
      return;
    }
    AttemptFolder folder = new AttemptFolder(attempt.folder());
    boolean own = attempt.run().equals(task.run());
    if (own) {
      begin(task, attempt, "taken over from a coordinator that died");
    }
    LOG.info("adopting attempt {} of {} {}", attempt.number(), attempt.run(), attempt.step().key());
    try {
      work(attempt, folder, true);
    } catch (TransientStepException
        | PermanentStepException
        | StepStoppedException
        | ParkedException e) {
      if (own) {
        throw e;
      }
      // The run that waited makes its own attempt, and meets the same failure if it is one.
      LOG.info("the adopted attempt came to nothing: {}", e.getMessage());
    } finally {
      journal.slots().release(attempt.run(), attempt.step());
    }
  }
}
