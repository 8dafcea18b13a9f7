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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Five kills of a short run; .ci/soak kills a quickstart thirty times. */
class KilledCoordinatorTest {

  private static final int KILLS = 5;

  @TempDir private Path folder = Path.of("");

  @Test
  @Timeout(300)
  void aRunWhoseCoordinatorIsKilledFiveTimesEndsAsIfNothingHadHappened() throws Exception {
    // A seed of its own each time: moments that are always the same would test little.
    long seed = System.nanoTime();
    Random random = new Random(seed);
    long whole = milliseconds(folder.resolve("whole"));
    Path home = folder.resolve("killed");
    for (int i = 0; i < KILLS; i++) {
      Process process = start(home);
      if (!process.waitFor(whole / 4 + random.nextLong(whole), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly().waitFor();
      }
    }

    Process last = start(home);
    String said = new String(last.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(said).as("seed %d", seed).endsWith("demo-1 SUCCEEDED\n");
    assertThat(outputs(home)).isEqualTo(outputs(folder.resolve("whole")));
  }

  private static long milliseconds(Path home) throws IOException, InterruptedException {
    long start = System.nanoTime();
    Process process = start(home);
    process.getInputStream().readAllBytes();
    process.waitFor();
    return (System.nanoTime() - start) / 1_000_000;
  }

  private static Process start(Path home) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp"));
    command.add(System.getProperty("java.class.path"));
    command.add(ShortCoordinator.class.getName());
    command.add(home.toString());
    return new ProcessBuilder(command).redirectErrorStream(true).start();
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
