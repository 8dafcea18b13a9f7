package org.voxbench.workflows.run;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.voxbench.steps.PermanentStepException;
import org.voxbench.steps.Resources;
import org.voxbench.steps.StepName;
import org.voxbench.steps.StepStoppedException;
import org.voxbench.steps.TransientStepException;
import org.voxbench.workflows.Home;
import org.voxbench.workflows.Json;
import org.voxbench.workflows.journal.AttemptJournal.Attempt;
import org.voxbench.workflows.journal.Run;
import org.voxbench.workflows.journal.RunIndex;
import org.voxbench.workflows.journal.RunIndex.Filter;
import org.voxbench.workflows.journal.RunJournal;
import org.voxbench.workflows.journal.RunState;
import org.voxbench.workflows.run.AttemptFolder.Ending;
import org.voxbench.workflows.run.AttemptFolder.Result;

/**
 * A machine on which coordinators and workers die: the journal, the files and the step runner are
 * real, the processes are simulated and the clock is set by hand.
 */
final class CrashingWorld {

  /** What happens to the first attempt that is worked on. */
  enum Fate {
    COMPLETES,
    FAILS,
    IS_TRANSIENT,
    WORKER_DIES,
    COORDINATOR_DIES,
    BOTH_DIE,
    COORDINATOR_DIES_BEFORE_READING_THE_RESULT,
    COORDINATOR_DIES_BETWEEN_STEPS
  }

  private static final class Crash extends Error {
    private static final long serialVersionUID = 1L;
  }

  private final Home home;
  private final DataSource database = RunBench.database();
  private final RunJournal journal;
  private final CountingSteps steps = new CountingSteps();
  private final Set<Path> alive = new HashSet<>();
  private final Map<String, Integer> done = new HashMap<>();
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private Fate fate = Fate.COMPLETES;
  private int submitted;
  private Stops stops = new Stops(() -> false);
  private RunLifecycle lifecycle;
  private StepRunner runner;

  CrashingWorld(Path folder) throws IOException {
    home = new Home(folder).prepared();
    journal = new RunJournal(database, home::run);
    boot();
  }

  /** A new coordinator takes over what the one before left. */
  void boot() throws IOException {
    stops = new Stops(() -> false);
    Simulated executor = new Simulated();
    lifecycle = new RunLifecycle(home, journal, new RunObservers(), () -> now, stops);
    Slots slots = new Slots(journal.slots(), stops, new Slots.Capacity(1, 0));
    new Recovery(home, journal, executor, () -> now).recover();
    runner =
        new StepRunner(
            home,
            journal,
            steps.catalogue(),
            new StepRunner.Workshop(executor, stops, slots, () -> now),
            new RunObservers());
  }

  void submit(int number) throws IOException {
    Map<StepName, JsonNode> requests = new EnumMap<>(StepName.class);
    for (StepName step : StepName.values()) {
      requests.put(step, Json.MAPPER.createObjectNode().put("number", number));
    }
    String id = home.claimRunId("demo");
    new FrozenExperiment("demo", requests, new Resources(1, 1L << 30, "cpu")).write(home.run(id));
    journal.save(Run.queued(id, "demo", Instant.parse("2026-01-01T00:00:00Z")));
    submitted++;
  }

  /** Works on one waiting run; the fate strikes its first attempt. */
  void work(int which, Fate struck) throws IOException {
    List<Run> waiting =
        journal.runs().find(Filter.in(RunState.QUEUED), RunIndex.Sort.PRIORITY, 100);
    if (waiting.isEmpty()) {
      return;
    }
    String id = waiting.get(which % waiting.size()).id();
    fate = struck;
    try {
      if (lifecycle.begin(id)) {
        steps(id);
      }
    } catch (Crash e) {
      boot();
    }
    fate = Fate.COMPLETES;
  }

  private void steps(String id) throws IOException {
    try {
      for (StepName step : StepName.values()) {
        runner.run(id, step);
        if (fate == Fate.COORDINATOR_DIES_BETWEEN_STEPS) {
          throw new Crash();
        }
      }
      lifecycle.succeed(id);
    } catch (StepStoppedException e) {
      lifecycle.stop(id, e);
    } catch (ParkedException e) {
      lifecycle.park(id, e);
    } catch (TransientStepException | PermanentStepException e) {
      lifecycle.fail(id, e);
    }
  }

  void stop(int which, Stops.Why why) throws IOException {
    Run run = any(which);
    if (run != null && run.state() == RunState.QUEUED) {
      RunState state = why == Stops.Why.CANCEL ? RunState.CANCELLED : RunState.STOPPED;
      for (Attempt attempt : journal.attempts().open()) {
        if (attempt.run().equals(run.id())) {
          alive.remove(attempt.folder());
        }
      }
      OrphanWorkers.end(home, journal, run.id(), java.time.Duration.ZERO);
      journal.update(run.id(), r -> r.become(state, now, "asked"));
    }
  }

  void resume(int which) {
    Run run = any(which);
    if (run != null && run.state().ended()) {
      journal.update(run.id(), Run::requeued);
    }
  }

  private @Nullable Run any(int which) {
    List<Run> all = runs();
    return all.isEmpty() ? null : all.get(which % all.size());
  }

  void jump(long seconds) {
    now = now.plusSeconds(seconds);
  }

  void killOrphans() {
    alive.clear();
  }

  /** Nothing fails any more: everything is asked to go on and worked on. */
  void calm() throws IOException {
    boot();
    for (int i = 0; i < runs().size(); i++) {
      resume(i);
    }
    for (int i = 0; i < 2 * submitted; i++) {
      work(0, Fate.COMPLETES);
    }
  }

  List<Run> runs() {
    return journal.runs().find(Filter.ALL, RunIndex.Sort.CREATED, 1000);
  }

  Run onDisk(String id) throws IOException {
    return Json.MAPPER.readValue(journal.file(id).toFile(), Run.class);
  }

  int submitted() {
    return submitted;
  }

  Collection<Integer> timesDone() {
    return done.values();
  }

  int ownersOfOneFingerprint() {
    return Jdbi.create(database)
        .withHandle(
            handle ->
                handle
                    .createQuery(
                        "select coalesce(max(n), 0) from (select count(*) as n from"
                            + " journal.attempt where state = 'RUNNING' group by fingerprint) t")
                    .mapTo(Integer.class)
                    .one());
  }

  /** Slots whose users have neither a living worker nor a result that waits to be read. */
  long slotsInUse() {
    List<String> open = new ArrayList<>();
    journal.attempts().open().forEach(a -> open.add(a.run() + a.step()));
    return journal.slots().uses().stream()
        .filter(use -> !open.contains(use.run() + use.step()))
        .count();
  }

  private final class Simulated implements Executor {

    private final Worker worker = new Worker(steps.catalogue(), () -> now);

    @Override
    public @Nullable Result execute(AttemptFolder folder, Watch watch) throws IOException {
      alive.add(folder.root());
      Fate struck = fate;
      if (struck != Fate.COORDINATOR_DIES_BETWEEN_STEPS) {
        fate = Fate.COMPLETES;
      }
      switch (struck) {
        case FAILS -> {
          return end(folder, Ending.PERMANENT_FAILURE);
        }
        case IS_TRANSIENT -> {
          return end(folder, Ending.TRANSIENT_FAILURE);
        }
        case WORKER_DIES -> {
          alive.remove(folder.root());
          return null;
        }
        case COORDINATOR_DIES -> throw new Crash();
        case BOTH_DIE -> {
          alive.remove(folder.root());
          throw new Crash();
        }
        case COORDINATOR_DIES_BEFORE_READING_THE_RESULT -> {
          complete(folder);
          throw new Crash();
        }
        default -> {}
      }
      return complete(folder);
    }

    @Override
    public @Nullable Result attend(AttemptFolder folder, Watch watch) throws IOException {
      return alive.contains(folder.root()) ? complete(folder) : folder.readResult();
    }

    private Result complete(AttemptFolder folder) throws IOException {
      Result result = worker.work(folder, () -> false);
      done.merge(folder.readRequest().fingerprint().digest(), 1, Integer::sum);
      alive.remove(folder.root());
      return result;
    }

    private Result end(AttemptFolder folder, Ending ending) throws IOException {
      Result result = new Result(ending, "as fate would have it", Map.of(), List.of());
      folder.write(result);
      alive.remove(folder.root());
      return result;
    }

    @Override
    public boolean alive(AttemptFolder folder) {
      return alive.contains(folder.root());
    }

    @Override
    public String epitaph(AttemptFolder folder) {
      return "the simulated worker died";
    }
  }
}
