package org.voxbench.workflows.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Instant;
import java.time.InstantSource;
import org.voxbench.workflows.journal.AttemptJournal;
import org.voxbench.workflows.journal.AttemptJournal.Attempt;
import org.voxbench.workflows.journal.RunJournal;
import org.voxbench.workflows.journal.SlotJournal.Use;

/** Which workers of earlier coordinators are at work still. */
public final class LivingWorkers {

  private final RunJournal journal;
  private final Executor executor;
  private final InstantSource clock;

  public LivingWorkers(RunJournal journal, Executor executor, InstantSource clock) {
    this.journal = journal;
    this.executor = executor;
    this.clock = clock;
  }

  /** Whether the worker of an attempt lives, here or, by its heartbeat, on another machine. */
  boolean live(Attempt attempt) throws IOException {
    AttemptFolder folder = new AttemptFolder(attempt.folder());
    return executor.alive(folder) || beating(folder);
  }

  private boolean beating(AttemptFolder folder) throws IOException {
    if (!Files.exists(folder.heartbeat()) || WorkerProcess.isHere(folder)) {
      return false;
    }
    Instant last = Files.getLastModifiedTime(folder.heartbeat()).toInstant();
    return last.plus(AttemptJournal.LEASE).isAfter(clock.instant());
  }

  /** Whether a worker that lives has that slot. */
  public boolean worksIn(Use use) {
    try {
      for (Attempt attempt : journal.attempts().open()) {
        boolean user = attempt.run().equals(use.run()) && attempt.step() == use.step();
        if (user && live(attempt)) {
          return true;
        }
      }
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot look after the user of slot " + use.slot(), e);
    }
  }
}
