package org.voxbench.workflows.run;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.voxbench.workflows.Home;
import org.voxbench.workflows.journal.AttemptJournal.Attempt;
import org.voxbench.workflows.journal.RunJournal;
import org.voxbench.workflows.journal.RunState;
import org.voxbench.workflows.run.AttemptFolder.Ending;
import org.voxbench.workflows.run.AttemptFolder.Result;

/** Ends the workers of a run that no coordinator attends to. */
public final class OrphanWorkers {

  private OrphanWorkers() {}

  /**
   * Asks them to save and stop, and kills those that do not in time; their attempts are closed.
   *
   * @param run whose workers
   * @param grace how long one may take to save
   */
  public static void end(Home home, RunJournal journal, String run, Duration grace)
      throws IOException {
    for (Attempt attempt : journal.attempts().open()) {
      if (attempt.run().equals(run)) {
        @Nullable ProcessHandle worker = WorkerProcess.find(new AttemptFolder(attempt.folder()));
        // In a copy of a home folder the index still names the original's attempts.
        if (worker != null && attempt.folder().startsWith(home.root())) {
          end(worker, grace);
        }
        if (!isDone(attempt)) {
          journal.attempts().close(attempt, RunState.STOPPED);
        }
        journal.slots().release(run, attempt.step());
      }
    }
  }

  /** One that came to its end stays open: whoever wants its output next takes it. */
  private static boolean isDone(Attempt attempt) throws IOException {
    @Nullable Result result = new AttemptFolder(attempt.folder()).readResult();
    return result != null && result.ending() == Ending.SUCCEEDED;
  }

  private static void end(ProcessHandle worker, Duration grace) throws IOException {
    worker.destroy();
    try {
      worker.onExit().get(grace.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      worker.destroyForcibly();
      worker.onExit().join();
    }
  }
}
