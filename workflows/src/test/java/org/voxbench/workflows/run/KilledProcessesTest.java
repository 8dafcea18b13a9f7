package org.voxbench.workflows.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.voxbench.steps.StepName;
import org.voxbench.workflows.Json;

/** Five kills of a short run; .ci/soak kills a quickstart thirty times. */
class KilledProcessesTest {

  private static final int LAST_LINES = 20;

  /** Who is killed. */
  private enum Victims {
    COORDINATOR,
    WORKER,
    BOTH,
    COORDINATOR_AGAIN,
    BOTH_AGAIN
  }

  @TempDir private static Path whole = Path.of("");
  private static long milliseconds;
  @TempDir private Path home = Path.of("");

  @BeforeAll
  static void undisturbed() throws Exception {
    long start = System.nanoTime();
    String said = end(start(whole));
    milliseconds = (System.nanoTime() - start) / 1_000_000;
    assertThat(said).endsWith("demo-1 SUCCEEDED\n");
  }

  @Test
  void everyAttemptSaysOnWhatItWasComputed() throws IOException {
    for (StepName step : StepName.values()) {
      Path folder = whole.resolve("store").resolve(step.key());
      try (Stream<Path> files = Files.find(folder, 2, (f, a) -> f.endsWith("environment.json"))) {
        Path facts = files.findFirst().orElseThrow();
        assertThat(Json.MAPPER.readTree(facts.toFile()).path("java").asText())
            .isEqualTo(System.getProperty("java.version"));
      }
    }
  }

  @AfterEach
  void noWorkerStays() throws IOException {
    workers().forEach(ProcessHandle::destroyForcibly);
  }

  @ParameterizedTest
  @EnumSource
  @Timeout(120)
  void aRunWhoseProcessesAreKilledEndsAsIfNothingHadHappened(Victims victims) throws Exception {
    // A seed of its own each time: moments that are always the same would test little.
    long seed = System.nanoTime();
    long after = milliseconds / 8 + new Random(seed).nextLong(milliseconds);
    Process coordinator = start(home);
    boolean over = coordinator.waitFor(after, TimeUnit.MILLISECONDS);
    if (victims != Victims.COORDINATOR && victims != Victims.COORDINATOR_AGAIN) {
      workers().forEach(ProcessHandle::destroyForcibly);
    }
    if (victims != Victims.WORKER) {
      // The handle leaves what it said to be read.
      boolean unused = coordinator.toHandle().destroyForcibly();
    }
    end(coordinator);

    String said = end(start(home));

    assertThat(said)
        .as("killed after %d ms, over: %s, seed %d", after, over, seed)
        .endsWith("demo-1 SUCCEEDED\n");
    assertThat(outputs(home)).isEqualTo(outputs(whole));
  }

  /** Those that live; looked up by their marks, since long command lines cannot be read whole. */
  private List<ProcessHandle> workers() throws IOException {
    List<ProcessHandle> workers = new ArrayList<>();
    try (Stream<Path> files = Files.find(home, 5, (file, about) -> file.endsWith("worker.json"))) {
      for (Path file : files.toList()) {
        ProcessHandle worker = WorkerProcess.find(new AttemptFolder(file.resolveSibling("")));
        if (worker != null) {
          workers.add(worker);
        }
      }
    }
    return workers;
  }

  private static String end(Process process) throws IOException, InterruptedException {
    String all = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    List<String> lines = all.lines().toList();
    return String.join("\n", lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()))
        + "\n";
  }

  private static Process start(Path home) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(ShortCoordinator.class.getName());
    command.add(home.toString());
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    // Also for the workers, which it starts.
    builder.environment().put("JAVA_TOOL_OPTIONS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC");
    return builder.start();
  }

  /** Every published file with its content. */
  private static List<String> outputs(Path home) throws IOException {
    Path store = home.resolve("store");
    List<String> outputs = new ArrayList<>();
    try (Stream<Path> files = Files.walk(store)) {
      for (Path file : files.filter(f -> f.endsWith("out.txt")).sorted().toList()) {
        outputs.add(store.relativize(file) + ": " + Files.readString(file));
      }
    }
    return outputs;
  }
}
