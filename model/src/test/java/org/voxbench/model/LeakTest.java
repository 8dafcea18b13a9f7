package org.voxbench.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LeakTest {

  private static final Path STATUS = Path.of("/proc/self/status");

  @Test
  void residentMemoryStaysFlatOverSteps() throws IOException {
    assumeThat(STATUS).as("this system does not tell resident memory").exists();
    UnetrPlusPlusConfig config = TestNetworks.tiny();
    Batch batch = TestNetworks.batch(config, 1, 0);
    TrainingOptions options = TrainingOptions.published(Precision.FLOAT32);
    try (Training training = Training.start(config, options, TestNetworks.CPU, 1)) {
      for (int i = 0; i < 10; i++) {
        training.step(batch, 1e-3, i);
      }
      long before = residentBytes();
      for (int i = 10; i < 40; i++) {
        training.step(batch, 1e-3, i);
      }
      // A step whose input alone leaked would have lost 2.4 MB by now; its activations, far more.
      assertThat(residentBytes() - before).isLessThan(2_000_000);
    }
  }

  @ParameterizedTest
  @CsvSource({"FLOAT32,false", "BFLOAT16,false", "BFLOAT16,true"})
  @Tag("slow")
  void residentMemoryGrowsByLessThanOnePercentOverTwoHundredSteps(
      Precision precision, boolean checkpointing) throws IOException {
    assumeThat(STATUS).as("this system does not tell resident memory").exists();
    assumeThat(Boolean.getBoolean("voxbench.slow"))
        .as("200 steps take minutes; run with -Dvoxbench.slow=true")
        .isTrue();
    UnetrPlusPlusConfig config = TestNetworks.tiny();
    TrainingOptions options = TrainingOptions.published(precision);
    try (Training training =
        Training.start(
            config, checkpointing ? options.withCheckpointing() : options, TestNetworks.CPU, 1)) {
      Batch batch = TestNetworks.batch(config, 1, 0);
      for (int i = 0; i < 20; i++) {
        training.step(batch, 1e-3, i);
      }
      System.gc();
      long before = residentBytes();
      for (int i = 20; i < 220; i++) {
        training.step(batch, 1e-3, i);
      }
      System.gc();
      long after = residentBytes();
      System.out.printf("%s: %d bytes resident, after 200 steps %d%n", precision, before, after);
      assertThat(after).isLessThan(before + before / 100);
    }
  }

  private static long residentBytes() throws IOException {
    for (String line : Files.readAllLines(STATUS)) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
      }
    }
    throw new IOException("no VmRSS in " + STATUS);
  }
}
