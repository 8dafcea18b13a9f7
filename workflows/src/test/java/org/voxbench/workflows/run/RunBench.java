package org.voxbench.workflows.run;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.jspecify.annotations.Nullable;
import org.voxbench.steps.PermanentStepException;
import org.voxbench.steps.Resources;
import org.voxbench.steps.StepName;
import org.voxbench.steps.StepStoppedException;
import org.voxbench.steps.TransientStepException;
import org.voxbench.workflows.Home;
import org.voxbench.workflows.Json;
import org.voxbench.workflows.config.Retries;
import org.voxbench.workflows.journal.Run;
import org.voxbench.workflows.journal.RunJournal;

/** A home folder with a journal and inline workers, cranked by hand: no Camel, no threads. */
public final class RunBench {

  final Home home;
  final RunJournal journal;
  final CountingSteps steps = new CountingSteps();
  private final Stops stops = new Stops(() -> false);
  private final Tidying tidying = new Tidying();
  final RunLifecycle lifecycle;
  final Recovery recovery;
  final StepRunner runner;

  private final RunObservers observers = new RunObservers();
  private @Nullable Retries retries;

  public RunBench(Path folder) {
    this(folder, database());
  }

  RunBench(Path folder, DataSource database) {
    this(folder, database, null);
  }

  /** Workers are processes of that main class, or work in this one where there is none. */
  RunBench(Path folder, DataSource database, @Nullable String workerMain) {
    home = new Home(folder).prepared();
    journal = new RunJournal(database, home::run);
    InstantSource clock = InstantSource.fixed(Instant.parse("2026-01-01T00:00:00Z"));
    Worker worker = new Worker(steps.catalogue(), clock);
    lifecycle = new RunLifecycle(home, journal, observers, clock, stops);
    Executor executor =
        workerMain == null
            ? new InlineExecutor(worker, stops)
            : new ProcessExecutor(workerMain, folder, stops, Duration.ofSeconds(10));
    LivingWorkers workers = new LivingWorkers(journal, executor, clock);
    Slots slots =
        new Slots(journal.slots(), stops, new Slots.Capacity(1), workers::worksIn, run -> 0);
    recovery = new Recovery(home, journal, workers, clock);
    runner =
        new StepRunner(
            home,
            journal,
            steps.catalogue(),
            new Workshop(executor, stops, slots, clock, tidying),
            observers);
  }

  public Home home() {
    return home;
  }

  public RunJournal journal() {
    return journal;
  }

  public StepRunner runner() {
    return runner;
  }

  public RunLifecycle lifecycle() {
    return lifecycle;
  }

  /** What keeps its runs and whoever clears up apart. */
  public Tidying tidying() {
    return tidying;
  }

  public RunObservers observers() {
    return observers;
  }

  public StepCatalogue catalogue() {
    return steps.catalogue();
  }

  /** The steps that were worked on so far. */
  public List<StepName> worked() {
    return List.copyOf(steps.worked);
  }

  /** Has the train step do something first, such as fail. */
  public void beforeTraining(Runnable action) {
    steps.before = context -> action.run();
  }

  /** Asks a run to stop, as somebody at a command line would. */
  public void askToStop(String run) {
    stops.ask(run, Stops.Why.PAUSE);
  }

  /** Ends a run for good, as somebody at a command line would. */
  public void cancel(String run) {
    stops.ask(run, Stops.Why.CANCEL);
  }

  /** What the experiments of runs that are queued from now on say about retries. */
  public void retrying(Retries policy) {
    retries = policy;
  }

  static DataSource database() {
    JdbcDataSource source = new JdbcDataSource();
    source.setURL("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
    return source;
  }

  /** A queued run whose steps all have request {@code number}. */
  public String queued(int number) throws IOException {
    Map<StepName, JsonNode> requests = new EnumMap<>(StepName.class);
    for (StepName step : StepName.values()) {
      requests.put(step, Json.MAPPER.createObjectNode().put("number", number));
    }
    return queued(requests);
  }

  String queued(Map<StepName, JsonNode> requests) throws IOException {
    String id = home.claimRunId("demo");
    Resources resources = new Resources(1, 1L << 30, "cpu");
    new FrozenExperiment("demo", requests, resources, retries).write(home.run(id));
    journal.save(Run.queued(id, "demo", Instant.parse("2026-01-01T00:00:00Z")));
    return id;
  }

  /** Works on a run from its first step until it ends, as the routes would without retries. */
  Run work(String id) throws IOException {
    lifecycle.begin(id);
    try {
      for (StepName step : StepName.values()) {
        runner.run(id, step);
      }
      lifecycle.succeed(id);
    } catch (StepStoppedException e) {
      lifecycle.stop(id, e);
    } catch (TransientStepException | PermanentStepException e) {
      lifecycle.fail(id, e);
    }
    return find(id);
  }

  public Run find(String id) {
    return journal.find(id).orElseThrow();
  }
}
