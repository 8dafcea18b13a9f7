package org.voxbench.workflows.run;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.voxbench.steps.PermanentStepException;
import org.voxbench.steps.Resources;
import org.voxbench.steps.StepName;
import org.voxbench.steps.StepStoppedException;
import org.voxbench.steps.TransientStepException;
import org.voxbench.workflows.Home;
import org.voxbench.workflows.Json;
import org.voxbench.workflows.journal.Run;
import org.voxbench.workflows.journal.RunIndex;
import org.voxbench.workflows.journal.RunIndex.Filter;
import org.voxbench.workflows.journal.RunJournal;
import org.voxbench.workflows.journal.RunState;

/**
 * A machine on which coordinators and workers die: the journal, the files and the step runner are
 * real; threads take turns as they are told, processes are simulated, the clock is set by hand.
 */
final class CrashingWorld {

  private static final int RETRIES = 2;
  private static final int MOST_ROUNDS = 400;

  private final Home home;
  private final MortalDatabase life;
  private final RunJournal truth;
  private final RunJournal journal;
  private final CountingSteps steps = new CountingSteps();
  private final SimulatedWorkers workers = new SimulatedWorkers(steps.catalogue(), () -> now());
  private final Map<String, Strand> strands = new LinkedHashMap<>();
  private final Map<String, Integer> submitted = new LinkedHashMap<>();
  private final Set<String> toldToStop = new TreeSet<>();
  private final List<Throwable> surprises = new ArrayList<>();
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private Stops stops = new Stops(() -> false);
  private @Nullable RunLifecycle lifecycle;
  private @Nullable StepRunner runner;

  CrashingWorld(Path folder, MortalDatabase database) throws Exception {
    home = new Home(folder).prepared();
    life = database;
    truth = database.truth();
    journal = database.journal();
    life.use(home);
    boot(Integer.MAX_VALUE);
  }

  private Instant now() {
    return now;
  }

  /** The coordinator is killed; the next one is killed itself at an access of its index. */
  void boot(int accesses) throws Exception {
    life.dieAfter(0);
    for (Strand strand : strands.values()) {
      while (!strand.ended()) {
        strand.step();
      }
    }
    strands.clear();
    life.revive();
    life.dieAfter(accesses);
    try {
      start();
    } catch (MortalDatabase.Death e) {
      boot(Integer.MAX_VALUE);
    }
  }

  private void start() throws IOException {
    stops = new Stops(() -> false);
    lifecycle = new RunLifecycle(home, journal, new RunObservers(), this::now, stops);
    Executor executor = workers.seenBy(life, stops);
    LivingWorkers living = new LivingWorkers(journal, executor, this::now);
    Slots.Capacity capacity = new Slots.Capacity(1, List.of("0"));
    Slots slots =
        new Slots(
            journal.slots(), stops, capacity, living::worksIn, run -> 0, millis -> yieldOrDie());
    var unused = new Recovery(home, journal, living, this::now).recover();
    runner =
        new StepRunner(
            home,
            journal,
            steps.catalogue(),
            new Workshop(executor, stops, slots, this::now),
            new RunObservers());
  }

  private void yieldOrDie() {
    Strand.pause();
    life.check();
  }

  /** The coordinator will be killed at an access of its index. */
  void doom(int accesses) {
    life.dieAfter(accesses);
  }

  /** What a user asks for; a coordinator that dies of it is followed by another. */
  private void ask(Demand demand) throws Exception {
    try {
      demand.make();
    } catch (MortalDatabase.Death e) {
      boot(Integer.MAX_VALUE);
    }
  }

  private interface Demand {
    void make() throws Exception;
  }

  void submit(int number) throws Exception {
    Map<StepName, JsonNode> requests = new EnumMap<>(StepName.class);
    for (StepName step : StepName.values()) {
      requests.put(step, Json.MAPPER.createObjectNode().put("number", number));
    }
    ask(
        () -> {
          String id = home.claimRunId("demo");
          String device = number % 2 == 0 ? "cpu" : "auto";
          new FrozenExperiment("demo", requests, new Resources(1, 1L << 30, device))
              .write(home.run(id));
          Run run = Run.queued(id, "demo", now);
          // Once its file is there it was asked for, whether or not anybody was told.
          try {
            journal.save(run);
          } finally {
            if (Files.exists(truth.file(id))) {
              submitted.put(id, number);
            }
          }
        });
  }

  /** One of the waiting runs gets its turn. */
  void begin(int which) {
    List<Run> waiting = waiting();
    if (!waiting.isEmpty()) {
      String id = waiting.get(which % waiting.size()).id();
      strands.put(id, new Strand(() -> drive(id)));
    }
  }

  private List<Run> waiting() {
    return truth.runs().find(Filter.in(RunState.QUEUED), RunIndex.Sort.PRIORITY, 100).stream()
        .filter(run -> !strands.containsKey(run.id()))
        .toList();
  }

  /** One of the runs that are being worked on goes on to where it waits next. */
  void advance(int which) throws Exception {
    if (strands.isEmpty()) {
      return;
    }
    String id = List.copyOf(strands.keySet()).get(which % strands.size());
    Strand strand = Objects.requireNonNull(strands.get(id));
    strand.step();
    if (!strand.ended()) {
      return;
    }
    strands.remove(id);
    Throwable failure = strand.failure();
    if (life.dead()) {
      boot(Integer.MAX_VALUE);
    } else if (failure != null) {
      surprises.add(failure);
    }
  }

  /** A run from its turn to its end, as the routes would. */
  private void drive(String id) {
    RunLifecycle own = Objects.requireNonNull(lifecycle);
    try {
      if (own.begin(id)) {
        chain(id, own);
        toldToStop.remove(id);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void chain(String id, RunLifecycle own) throws IOException {
    try {
      for (StepName step : StepName.values()) {
        tried(id, step, own);
      }
      own.succeed(id);
    } catch (StepStoppedException e) {
      if (!toldToStop.contains(id)) {
        surprises.add(new AssertionError(id + " stops, which nobody asked it to", e));
      }
      own.stop(id, e);
    } catch (ParkedException e) {
      own.park(id, e);
    } catch (TransientStepException | PermanentStepException e) {
      own.fail(id, e);
    }
  }

  private void tried(String id, StepName step, RunLifecycle own) throws IOException {
    StepRunner steady = Objects.requireNonNull(runner);
    for (int left = RETRIES; ; left--) {
      try {
        steady.run(id, step);
        return;
      } catch (TransientStepException e) {
        if (left == 0) {
          throw e;
        }
        own.backOff(id, e, Duration.ZERO);
        Strand.pause();
      }
    }
  }

  void worker(int which, SimulatedWorkers.Fate fate) throws IOException {
    workers.meet(which, fate);
  }

  /** Pauses or cancels a run; where it only waits, an orphan of it meets its fate at once. */
  void stop(int which, Stops.Why why, SimulatedWorkers.Fate fate) throws Exception {
    Optional<Run> run = any(which);
    if (run.isEmpty()) {
      return;
    }
    String id = run.get().id();
    if (run.get().state() == RunState.RUNNING) {
      toldToStop.add(id);
      stops.ask(id, why);
    } else if (run.get().state() == RunState.QUEUED && !strands.containsKey(id)) {
      ask(
          () -> {
            workers.signal(id, fate);
            OrphanWorkers.end(home, journal, id, Duration.ZERO);
            RunState state = why == Stops.Why.CANCEL ? RunState.CANCELLED : RunState.STOPPED;
            journal.update(id, r -> r.become(state, now, "asked"));
          });
    }
  }

  void resume(int which) throws Exception {
    Optional<Run> run = any(which);
    if (run.isPresent() && run.get().state().ended() && !strands.containsKey(run.get().id())) {
      ask(() -> journal.update(run.get().id(), Run::requeued));
    }
  }

  private Optional<Run> any(int which) {
    List<Run> all = runs();
    return all.isEmpty() ? Optional.empty() : Optional.of(all.get(which % all.size()));
  }

  void jump(long seconds) {
    now = now.plusSeconds(seconds);
  }

  void killWorkers() {
    workers.kill();
  }

  /** Nothing fails any more, and everything is asked to go on. */
  void calm() throws Exception {
    boot(Integer.MAX_VALUE);
    for (int round = 0; round < MOST_ROUNDS && !everythingSucceeded(); round++) {
      for (int i = 0; i < runs().size(); i++) {
        if (runs().get(i).state() != RunState.SUCCEEDED) {
          resume(i);
        }
      }
      while (!waiting().isEmpty()) {
        begin(0);
      }
      for (int i = strands.size(); i > 0; i--) {
        advance(i - 1);
      }
      workers.allEnd();
    }
  }

  private boolean everythingSucceeded() {
    return strands.isEmpty() && runs().stream().allMatch(r -> r.state() == RunState.SUCCEEDED);
  }

  List<Run> runs() {
    return truth.runs().find(Filter.ALL, RunIndex.Sort.CREATED, 1000);
  }

  Run onDisk(String id) throws IOException {
    return Json.MAPPER.readValue(truth.file(id).toFile(), Run.class);
  }

  /** The number of each run that was asked for, by id. */
  Map<String, Integer> submitted() {
    return submitted;
  }

  /** Ids of the runs that somebody works on. */
  Set<String> attended() {
    return strands.keySet();
  }

  List<Throwable> surprises() {
    return surprises;
  }

  SimulatedWorkers workers() {
    return workers;
  }

  RunJournal truth() {
    return truth;
  }

  /** What the last step of a run published. */
  String product(Run run) throws IOException {
    String fingerprint = Objects.requireNonNull(run.step(StepName.REPORT).fingerprint());
    Path output = new Store(home.store()).output(StepName.REPORT, fingerprint);
    return Files.readString(output.resolve("out.txt"));
  }
}
