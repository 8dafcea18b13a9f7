package org.voxbench.workflows.run;

import java.io.IOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.voxbench.steps.PermanentStepException;
import org.voxbench.steps.StepName;
import org.voxbench.steps.StepStoppedException;
import org.voxbench.steps.TransientStepException;
import org.voxbench.workflows.Home;
import org.voxbench.workflows.journal.Run;
import org.voxbench.workflows.journal.RunJournal;
import org.voxbench.workflows.journal.RunState;
import org.voxbench.workflows.logs.Logs;
import org.voxbench.workflows.run.Planner.Decision;
import org.voxbench.workflows.run.Store.Published;

/**
 * Does one step of a run: decide, claim, have it worked on, publish, record. Of all that want one
 * output, in this process or left over from an earlier one, a single attempt makes it; the others
 * wait and take it.
 */
public final class StepRunner {

  private static final Logger LOG = LoggerFactory.getLogger(StepRunner.class);

  private final Home home;
  private final RunJournal journal;
  private final StepCatalogue steps;
  private final Store store;
  private final Planner planner;
  private final Stops stops;
  private final Tidying tidying;
  private final AttemptRunner attempts;
  private final RunObserver observer;

  /**
   * @param workshop where attempts are worked on
   */
  public StepRunner(
      Home home, RunJournal journal, StepCatalogue steps, Workshop workshop, RunObserver observer) {
    this.home = home;
    this.journal = journal;
    this.steps = steps;
    this.store = new Store(home.store());
    this.planner = new Planner(steps, store);
    this.stops = workshop.stops();
    this.tidying = workshop.tidying();
    this.attempts = new AttemptRunner(home, journal, store, workshop, observer);
    this.observer = observer;
  }

  /**
   * Does the step, or takes the earlier output that serves.
   *
   * @throws TransientStepException when a later attempt may succeed
   * @throws PermanentStepException when somebody has to mend something
   * @throws StepStoppedException when it was asked to stop
   * @throws ParkedException when its workers died again and again
   */
  public void run(String id, StepName name) throws IOException {
    Logs.begin(id, name);
    try {
      make(id, name);
    } finally {
      Logs.end();
    }
  }

  private void make(String id, StepName name) throws IOException {
    stops.check(id);
    DiskGuard.of(home).check();
    FrozenExperiment experiment = FrozenExperiment.read(home.run(id));
    Map<StepName, Published> inputs = inputs(id, name);
    Decision decision = planner.decide(name, experiment.request(name), inputs);
    Task task = new Task(id, experiment, decision, inputs);
    for (int asked = 0;
        !tidying.relying(() -> reused(id, decision)) && !attempts.attempt(task);
        asked++) {
      stops.check(id);
      attempts.awaitHolder(task, asked);
    }
  }

  /** Takes the published output, unless there is none or it is damaged. */
  private boolean reused(String id, Decision decision) throws IOException {
    StepName name = decision.fingerprint().step();
    String digest = decision.fingerprint().digest();
    Run run = journal.find(id).orElseThrow();
    if (run.step(name).state() == RunState.SUCCEEDED) {
      return true;
    }
    Optional<Published> published = store.find(name, digest);
    if (published.isEmpty()) {
      return false;
    }
    List<String> damaged = published.get().manifest().damaged(published.get().output());
    if (!damaged.isEmpty()) {
      return false;
    }
    String maker = published.get().manifest().run();
    new EventFeed(id, name, published.get().events(), journal.curves(), observer).readAll();
    String reason = "same settings and inputs as in run " + maker;
    attempts.succeed(id, published.get(), step -> step.decided(true, reason, digest));
    LOG.info("step {} of run {} is reused: {}", name.key(), id, reason);
    return true;
  }

  /** The published outputs that a step reads: those of the steps before it. */
  private Map<StepName, Published> inputs(String id, StepName name) throws IOException {
    Run run = journal.find(id).orElseThrow(() -> new IllegalStateException("no run " + id));
    Map<StepName, Published> inputs = new EnumMap<>(StepName.class);
    for (StepName input : steps.step(name).inputs()) {
      String fingerprint = run.step(input).fingerprint();
      if (fingerprint == null) {
        throw new IllegalStateException("step " + input.key() + " of run " + id + " was not done");
      }
      inputs.put(
          input,
          store
              .find(input, fingerprint)
              .orElseThrow(
                  () ->
                      new PermanentStepException(
                          "step "
                              + name.key()
                              + ": expected the output of step "
                              + input.key()
                              + " at "
                              + store.output(input, fingerprint)
                              + " but it is gone. Make it again with: voxbench resume "
                              + id)));
    }
    return inputs;
  }
}
