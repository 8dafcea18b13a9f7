package org.voxbench.workflows.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.voxbench.steps.StepName;
import org.voxbench.workflows.Home;

/** What the index keeps when a process dies. */
class SurvivingCommitsTest {

  private static final int COMMITS = 50;

  /** Commits, says so, and is gone as by SIGKILL: nothing is closed. */
  static final class Victim {

    private Victim() {}

    public static void main(String[] arguments) throws IOException {
      Ground ground = Ground.take(new Home(Path.of(arguments[0])));
      for (int slot = 0; slot < COMMITS; slot++) {
        ground.journal().slots().take(List.of("cpu/" + slot), "demo-1", StepName.TRAIN);
      }
      System.out.println("committed");
      System.out.flush();
      Runtime.getRuntime().halt(137);
    }
  }

  @Test
  @Timeout(60)
  void whatWasCommittedSurvivesAKilledProcess(@TempDir Path folder) throws Exception {
    Home home = new Home(folder).prepared();
    Process victim =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Victim.class.getName(),
                home.root().toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String said = new String(victim.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(said).contains("committed");
    assertThat(victim.waitFor()).isEqualTo(137);

    try (Ground ground = Ground.take(home)) {
      assertThat(ground.journal().slots().uses())
          .extracting(use -> use.slot())
          .containsExactlyInAnyOrderElementsOf(
              IntStream.range(0, COMMITS).mapToObj(slot -> "cpu/" + slot).toList());
    }
  }
}
