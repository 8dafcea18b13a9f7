package org.voxbench.workflows.cli.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.voxbench.steps.Resources;
import org.voxbench.steps.StepName;
import org.voxbench.workflows.Home;
import org.voxbench.workflows.Json;
import org.voxbench.workflows.cli.shared.ExitCode;
import org.voxbench.workflows.cli.shared.Launcher;
import org.voxbench.workflows.config.Retries;
import org.voxbench.workflows.coordinator.Desk;
import org.voxbench.workflows.coordinator.Ground;
import org.voxbench.workflows.coordinator.SweepDesk;
import org.voxbench.workflows.journal.Run;
import org.voxbench.workflows.journal.RunJournal;
import org.voxbench.workflows.journal.RunState;
import org.voxbench.workflows.journal.StepRun;
import org.voxbench.workflows.journal.Submission;
import org.voxbench.workflows.routes.Routes;
import org.voxbench.workflows.run.FrozenExperiment;
import org.voxbench.workflows.run.InlineExecutor;
import org.voxbench.workflows.run.RunFolders;
import org.voxbench.workflows.run.RunLifecycle;
import org.voxbench.workflows.run.RunObservers;
import org.voxbench.workflows.run.Slots;
import org.voxbench.workflows.run.StepCatalogue;
import org.voxbench.workflows.run.StepRunner;
import org.voxbench.workflows.run.Stops;
import org.voxbench.workflows.run.Worker;
import org.voxbench.workflows.run.Workshop;
import org.voxbench.workflows.shipping.TrackingTarget;
import org.voxbench.workflows.sweep.SweepBook;
import org.voxbench.workflows.sweep.SweepWork;

/** Measures the engine with steps that do nothing, on a real home folder below {@code folder}. */
final class EngineBench {

  private static final Instant CREATED = Instant.parse("2026-01-01T00:00:00Z");

  private final Path folder;
  private final Path log;
  private final InstantSource clock = InstantSource.system();

  EngineBench(Path folder) {
    this.folder = folder;
    this.log = folder.resolve("log.txt");
  }

  /** Seconds for all runs, the hand-off's 99th percentile, and the heap in use at the end. */
  record Throughput(double seconds, double handoffP99Millis, long heapMebibytes) {}

  /**
   * Sends so many runs of six steps through the whole engine.
   *
   * @param workers runs that are routed at a time
   */
  Throughput throughput(int runs, int workers) throws IOException {
    Home home = new Home(folder.resolve("throughput-" + workers)).prepared();
    EmptySteps steps = new EmptySteps();
    try (Ground ground = Ground.take(home)) {
      RunJournal journal = ground.journal();
      Stops stops = new Stops(() -> false);
      Slots slots =
          new Slots(journal.slots(), stops, new Slots.Capacity(workers), use -> true, run -> 0);
      StepCatalogue catalogue = steps.catalogue();
      double seconds;
      try (EngineObservers watching = new EngineObservers(ground, slots, catalogue, clock)) {
        RunLifecycle lifecycle = new RunLifecycle(home, journal, watching.all(), clock, stops);
        InlineExecutor executor = new InlineExecutor(new Worker(catalogue, clock), stops);
        Workshop workshop = new Workshop(executor, stops, slots, clock);
        StepRunner runner = new StepRunner(home, journal, catalogue, workshop, watching.all());
        Retries none = new Retries(0, 1, 1);
        long start = System.nanoTime();
        try (Routes routes =
            Routes.start(
                runner, lifecycle, none, workers, sweeps(ground, stops), watching.watcher())) {
          for (int i = 0; i < runs; i++) {
            routes.enqueue(submit(home, journal, i), 0);
          }
          while (journal.runs().counts().getOrDefault(RunState.SUCCEEDED, 0) < runs) {
            refuseFailures(journal.runs().counts());
            pause();
          }
        }
        seconds = (System.nanoTime() - start) / 1e9;
      }
      long[] gaps = steps.gaps();
      System.gc();
      Runtime runtime = Runtime.getRuntime();
      long heap = (runtime.totalMemory() - runtime.freeMemory()) >> 20;
      return new Throughput(seconds, gaps[(int) (gaps.length * 0.99)] / 1e6, heap);
    }
  }

  private SweepWork sweeps(Ground ground, Stops stops) {
    Home home = ground.home();
    TrackingTarget targets = new TrackingTarget(Map.of());
    Desk desk = new Desk(home, ground.journal(), new RunObservers(), targets, clock);
    return new SweepWork(
        new SweepBook(home, clock), ground.journal(), new SweepDesk(desk, stops), clock);
  }

  private static void refuseFailures(Map<RunState, Integer> counts) {
    if (counts.getOrDefault(RunState.FAILED, 0) > 0) {
      throw new IllegalStateException("an empty run failed: " + counts);
    }
  }

  private static void pause() {
    try {
      Thread.sleep(20);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while measuring", e);
    }
  }

  private static String submit(Home home, RunJournal journal, int number) throws IOException {
    Map<StepName, JsonNode> requests = new EnumMap<>(StepName.class);
    for (StepName step : StepName.values()) {
      requests.put(step, Json.MAPPER.createObjectNode().put("number", number));
    }
    String id = home.claimRunId("empty-" + number);
    Resources resources = new Resources(1, 1L << 30, "cpu");
    new FrozenExperiment("empty", requests, resources).write(home.run(id));
    journal.submit(Run.queued(id, "empty", CREATED), Submission.of("0".repeat(64)));
    return id;
  }

  /** A home folder with so many finished runs, indexed. */
  Home finished(int runs) throws IOException {
    Home home = new Home(folder.resolve("finished")).prepared();
    for (int i = 0; i < runs; i++) {
      String id = "empty-" + i;
      Path at = Files.createDirectory(home.run(id));
      List<StepRun> steps = new ArrayList<>();
      for (StepName step : StepName.values()) {
        steps.add(
            new StepRun(
                step,
                RunState.SUCCEEDED,
                1,
                1.5,
                false,
                "no earlier output",
                "0".repeat(64),
                null));
      }
      Instant at2 = CREATED.plusSeconds(i);
      Map<String, Double> metrics = Map.of("dice.mean", 0.9, "hd95.mean", 3.0);
      Run run = new Run(id, "empty", RunState.SUCCEEDED, at2, at2, null, metrics, steps);
      Files.write(at.resolve("run.json"), Json.MAPPER.writeValueAsBytes(run));
    }
    try (Ground ground = Ground.take(home)) {
      var unused = new RunFolders(home, ground.journal()).catchUp();
    }
    return home;
  }

  /** Seconds from the start of {@code voxbench serve} until it answers, in a process of its own. */
  double serveSeconds(Home home) throws IOException {
    long start = System.nanoTime();
    Process process = voxbench("serve", "--port", "0", "--home", home.root().toString());
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      String line = out.readLine();
      double seconds = (System.nanoTime() - start) / 1e9;
      if (line == null || !line.startsWith("dashboard:")) {
        throw new IllegalStateException("voxbench serve did not start: " + Files.readString(log));
      }
      return seconds;
    } finally {
      process.destroy();
      await(process);
    }
  }

  /** Seconds of {@code voxbench status}, in a process of its own, without a coordinator. */
  double statusSeconds(Home home) throws IOException {
    long start = System.nanoTime();
    Process process = voxbench("status", "--home", home.root().toString());
    process.getInputStream().readAllBytes();
    await(process);
    double seconds = (System.nanoTime() - start) / 1e9;
    if (process.exitValue() != ExitCode.DONE) {
      throw new IllegalStateException(
          "voxbench status ended with " + process.exitValue() + ": " + Files.readString(log));
    }
    return seconds;
  }

  private static void await(Process process) {
    try {
      if (!process.waitFor(120, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroyForcibly();
    }
  }

  private Process voxbench(String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(Launcher.options());
    command.add(Launcher.MAIN);
    command.addAll(List.of(arguments));
    // What it logs about runs that never were belongs to nobody's terminal.
    return new ProcessBuilder(command)
        .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
        .start();
  }
}
