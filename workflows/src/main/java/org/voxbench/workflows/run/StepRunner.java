package org.voxbench.workflows.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.voxbench.steps.PermanentStepException;
import org.voxbench.steps.StepName;
import org.voxbench.steps.StepStoppedException;
import org.voxbench.steps.TransientStepException;
import org.voxbench.workflows.Home;
import org.voxbench.workflows.journal.AttemptJournal.Attempt;
import org.voxbench.workflows.journal.Run;
import org.voxbench.workflows.journal.RunJournal;
import org.voxbench.workflows.journal.RunState;
import org.voxbench.workflows.journal.StepRun;
import org.voxbench.workflows.run.AttemptFolder.Folders;
import org.voxbench.workflows.run.AttemptFolder.Request;
import org.voxbench.workflows.run.AttemptFolder.Result;
import org.voxbench.workflows.run.Planner.Decision;
import org.voxbench.workflows.run.Store.Published;

/** Does one step of a run: decide, claim, have it worked on, publish, record. */
public final class StepRunner {

  private final Home home;
  private final RunJournal journal;
  private final StepCatalogue steps;
  private final Store store;
  private final Planner planner;
  private final Executor executor;
  private final RunObserver observer;

  public StepRunner(
      Home home, RunJournal journal, StepCatalogue steps, Executor executor, RunObserver observer) {
    this.home = home;
    this.journal = journal;
    this.steps = steps;
    this.store = new Store(home.store());
    this.planner = new Planner(steps, store);
    this.executor = executor;
    this.observer = observer;
  }

  /**
   * Does the step, or takes the earlier output that serves.
   *
   * @throws TransientStepException when a later attempt may succeed
   * @throws PermanentStepException when somebody has to mend something
   * @throws StepStoppedException when it was asked to stop
   */
  public void run(String id, StepName name) throws IOException {
    FrozenExperiment experiment = FrozenExperiment.read(home.run(id));
    Map<StepName, Published> inputs = inputs(id, name);
    if (find(id).step(name).state() == RunState.QUEUED) {
      change(id, name, step -> step.become(RunState.RUNNING, null));
    }
    Decision decision = planner.decide(name, experiment.request(name), inputs);
    String digest = decision.fingerprint().digest();
    if (decision.published().isPresent()) {
      Published published = decision.published().get();
      List<String> damaged = published.manifest().damaged(published.output());
      if (damaged.isEmpty()) {
        change(id, name, step -> step.decided(true, decision.reason(), digest));
        new EventFeed(id, name, published.events(), journal.curves(), observer).readAll();
        succeed(id, name, published);
        return;
      }
      repair(id, experiment, decision, inputs, damaged);
      return;
    }
    Path earlier = unfinished(digest);
    String reason =
        decision.reason()
            + (earlier == null ? "" : "; goes on from " + home.root().relativize(earlier));
    change(id, name, step -> step.decided(false, reason, digest));
    attempt(id, experiment, decision, inputs, earlier);
  }

  private void repair(
      String id,
      FrozenExperiment experiment,
      Decision decision,
      Map<StepName, Published> inputs,
      List<String> damaged)
      throws IOException {
    StepName name = decision.fingerprint().step();
    String reason = "the earlier output is damaged (" + damaged.get(0) + "): made again";
    change(id, name, step -> step.decided(false, reason, decision.fingerprint().digest()));
    int number = find(id).step(name).attempt() + 1;
    Path aside = AttemptFolder.of(home, id, name, number).root();
    Path earlier = store.retire(decision.published().orElseThrow(), aside);
    attempt(id, experiment, decision, inputs, earlier);
  }

  private void attempt(
      String id,
      FrozenExperiment experiment,
      Decision decision,
      Map<StepName, Published> inputs,
      @Nullable Path earlier)
      throws IOException {
    StepName name = decision.fingerprint().step();
    int number = change(id, name, StepRun::nextAttempt).step(name).attempt();
    AttemptFolder folder = AttemptFolder.of(home, id, name, number);
    String digest = decision.fingerprint().digest();
    Attempt attempt = journal.attempts().open(id, name, number, digest, folder.root());
    Map<StepName, Path> folders = new EnumMap<>(StepName.class);
    inputs.forEach((input, output) -> folders.put(input, output.output()));
    folder.create(
        new Request(
            id,
            name,
            attempt.fence(),
            decision.fingerprint(),
            experiment.request(name),
            new Folders(folders, earlier, home.shared(name)),
            experiment.resources()));
    EventFeed feed = new EventFeed(id, name, folder.events(), journal.curves(), observer);
    long start = System.nanoTime();
    Result result;
    try {
      result = executor.execute(folder, feed::readNew);
    } finally {
      change(id, name, step -> step.spent((System.nanoTime() - start) / 1e9));
    }
    conclude(attempt, folder, result, decision);
  }

  private void conclude(
      Attempt attempt, AttemptFolder folder, @Nullable Result result, Decision decision)
      throws IOException {
    if (result == null) {
      journal.attempts().close(attempt, RunState.LOST);
      throw new TransientStepException(
          "step " + attempt.step().key() + ": " + executor.epitaph(folder));
    }
    String message = result.message() == null ? "no message" : result.message();
    switch (result.ending()) {
      case SUCCEEDED -> publish(attempt, folder, decision);
      case STOPPED -> {
        journal.attempts().close(attempt, RunState.STOPPED);
        throw new StepStoppedException(message);
      }
      case TRANSIENT_FAILURE -> {
        journal.attempts().close(attempt, RunState.FAILED);
        throw new TransientStepException(message);
      }
      case PERMANENT_FAILURE -> {
        journal.attempts().close(attempt, RunState.FAILED);
        throw new PermanentStepException(message);
      }
    }
  }

  private void publish(Attempt attempt, AttemptFolder folder, Decision decision)
      throws IOException {
    if (!journal.attempts().close(attempt, RunState.SUCCEEDED)) {
      throw new PermanentStepException(
          "attempt "
              + attempt.number()
              + " of step "
              + attempt.step().key()
              + " was taken over; its output is not published");
    }
    succeed(attempt.run(), attempt.step(), store.publish(folder.product(), decision.fingerprint()));
  }

  private void succeed(String id, StepName name, Published published) {
    Run run = find(id).plus(published.manifest().metrics());
    observer.changed(journal.save(run.with(name, step -> step.become(RunState.SUCCEEDED, null))));
  }

  /**
   * The published outputs that a step reads; they are there, since the steps before it succeeded.
   */
  private Map<StepName, Published> inputs(String id, StepName name) throws IOException {
    Run run = find(id);
    Map<StepName, Published> inputs = new EnumMap<>(StepName.class);
    for (StepName input : steps.step(name).inputs()) {
      String fingerprint = run.step(input).fingerprint();
      if (fingerprint == null) {
        throw new IllegalStateException("step " + input.key() + " of run " + id + " was not done");
      }
      inputs.put(input, store.find(input, fingerprint).orElseThrow());
    }
    return inputs;
  }

  /** What the newest unfinished attempt with that fingerprint left behind. */
  private @Nullable Path unfinished(String fingerprint) throws IOException {
    for (Attempt attempt : journal.attempts().unfinished(fingerprint)) {
      Path output = new AttemptFolder(attempt.folder()).output();
      if (Files.isDirectory(output) && !Digests.filesBelow(output).isEmpty()) {
        return output;
      }
    }
    return null;
  }

  private Run find(String id) {
    return journal.find(id).orElseThrow(() -> new IllegalStateException("no run " + id));
  }

  private Run change(String id, StepName name, UnaryOperator<StepRun> change) {
    Run run = journal.save(find(id).with(name, change));
    observer.changed(run);
    return run;
  }
}
