package org.voxbench.workflows.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.voxbench.workflows.config.ConfigFolder.SMALL;

import java.nio.file.Path;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RetriesTest {

  @Property(tries = 200)
  void aPauseDoublesGiveOrTakeAFifthUpToItsBound(
      @ForAll @IntRange(min = 1, max = 1000) int retry,
      @ForAll @DoubleRange(min = 0, max = 1) double chance) {
    Retries retries = new Retries(1000, 2, 300);

    double seconds = retries.pause(retry, chance).toMillis() / 1e3;

    double doubled = 2 * Math.pow(2, Math.min(retry - 1, 60));
    assertThat(seconds).isLessThanOrEqualTo(300).isLessThanOrEqualTo(doubled * 1.2 + 0.001);
    assertThat(seconds).isGreaterThanOrEqualTo(Math.min(300, doubled * 0.8) - 0.001);
  }

  @Test
  void noPauseAndANegativeCountAreRefused() {
    assertThatThrownBy(() -> new Retries(-1, 1, 1)).hasMessageContaining("found -1, 1.0 and 1.0");
    assertThatThrownBy(() -> new Retries(1, 0, 1)).hasMessageContaining("above 0 s");
    assertThatThrownBy(() -> new Retries(1, 2, 1)).hasMessageContaining("at least that");
  }

  @Test
  void theyComeFromTheExperimentAndChangeNoIdentity(@TempDir Path temporary) {
    ConfigFolder folder = new ConfigFolder(temporary);
    Experiment plain = folder.with("e.yaml", SMALL).read("e.yaml");
    String retries = "retries: {count: 5, pauseSeconds: 30}\n";
    Experiment patient = folder.with("e.yaml", SMALL + retries).read("e.yaml");

    assertThat(plain.retries()).isEqualTo(new Retries(2, 1, 300));
    assertThat(patient.retries()).isEqualTo(new Retries(5, 30, 300));
    assertThat(patient.digest(Map.of())).isEqualTo(plain.digest(Map.of()));
    assertThat(folder.complaintsAbout(SMALL + "retries: {count: 101, pauseSeconds: 400}\n"))
        .containsExactly(
            "e.yaml:8:10: retries.longestPauseSeconds: expected at least the first pause, 400.0 s but"
                + " found 300",
            "e.yaml:8:18: retries.count: expected a whole number from 0 to 100 but found 101");
  }
}
