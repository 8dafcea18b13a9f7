package org.voxbench.workflows.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.voxbench.steps.Resources;
import org.voxbench.steps.StepName;
import org.voxbench.workflows.run.AttemptFolder.Request;

class ProcessExecutorTest {

  @TempDir private Path folder = Path.of("");

  @Test
  @Timeout(120)
  void aWorkerThatIgnoresTheSignalIsKilledWhenItsTimeIsUp() throws IOException {
    AttemptFolder attempt = attempt("");
    AtomicBoolean stop = new AtomicBoolean();
    Stops stops = new Stops(stop::get);
    ProcessExecutor executor =
        new ProcessExecutor(StubbornWorker.class.getName(), folder, stops, Duration.ofMillis(300));

    var result =
        executor.execute(
            attempt,
            () -> {
              stop.set(Files.exists(attempt.root().resolve("deaf")));
              return true;
            });

    assertThat(result).isNull();
    assertThat(executor.alive(attempt)).isFalse();
  }

  private AttemptFolder attempt(String slot) throws IOException {
    AttemptFolder attempt = new AttemptFolder(folder.resolve("attempt-1"));
    JsonNodeFactory json = JsonNodeFactory.instance;
    Fingerprint fingerprint = new Fingerprint(StepName.TRAIN, 1, json.objectNode(), Map.of());
    Resources resources = new Resources(1, 256L << 20, "cpu");
    attempt.create(
        new Request(
            "demo-1",
            StepName.TRAIN,
            1,
            fingerprint,
            json.objectNode(),
            new AttemptFolder.Folders(Map.of(), null, folder),
            resources),
        slot);
    return attempt;
  }

  /** Writes what it sees and dies without a word. */
  public static final class Seeing {
    private Seeing() {}

    public static void main(String[] arguments) throws IOException {
      Files.writeString(
          Path.of(arguments[1], "seen"), String.valueOf(System.getenv("CUDA_VISIBLE_DEVICES")));
    }
  }

  @Test
  @Timeout(120)
  void aWorkerSeesTheGpuThatItWasGiven() throws IOException {
    AttemptFolder attempt = attempt("cuda/5");
    ProcessExecutor executor =
        new ProcessExecutor(
            Seeing.class.getName(), folder, new Stops(() -> false), Duration.ofSeconds(10));

    assertThat(executor.execute(attempt, () -> true)).isNull();

    assertThat(attempt.root().resolve("seen")).hasContent("5");
    assertThat(executor.epitaph(attempt)).contains("died without a result");
  }

  /**
   * Says more than anybody reads, and bytes that are no text; then it ends as by a fault of native
   * code.
   */
  public static final class Crashing {
    private Crashing() {}

    public static void main(String[] arguments) throws Exception {
      System.out.write(new byte[] {(byte) 0xff, (byte) 0xfe, '\n'});
      for (int i = 0; i < 100_000; i++) {
        System.out.println("line " + i);
      }
      String own = Long.toString(ProcessHandle.current().pid());
      new ProcessBuilder("kill", "-SEGV", own).start().waitFor();
    }
  }

  @Test
  @Timeout(120)
  void ofAWorkerThatCrashedTheReportIsNamedAndTheEndOfItsLogShown() throws IOException {
    AttemptFolder attempt = attempt("");
    ProcessExecutor executor =
        new ProcessExecutor(
            Crashing.class.getName(), folder, new Stops(() -> false), Duration.ofSeconds(10));

    assertThat(executor.execute(attempt, () -> true)).isNull();

    assertThat(executor.epitaph(attempt))
        .contains("crashed, see " + attempt.root().resolve("crash.log"))
        .doesNotContain("line 1\n")
        .hasSizeLessThan(5000);
    assertThat(attempt.root().resolve("crash.log")).content().contains("SIGSEGV");
  }
}
