package org.voxbench.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class TrainingMemoryTest {

  private static final double BOUND = 0.15;

  /** Peaks of a process that trains with batch 1 and two threads, in MB; docs/benchmarks.md. */
  @ParameterizedTest
  @CsvSource({
    "synapse,FLOAT32,3177,1820", "synapse,BFLOAT16,2211,1554",
    "acdc,FLOAT32,2716,1766", "acdc,BFLOAT16,2054,1517",
    "lung,FLOAT32,5657,3098", "lung,BFLOAT16,4052,2783",
    "tumor,FLOAT32,4236,2519", "tumor,BFLOAT16,2986,2301",
    "nano,FLOAT32,643,520", "nano,BFLOAT16,578,497",
  })
  void theEstimateIsThatOfTheRecordedPeaks(
      String variant, Precision precision, double kept, double recomputed) {
    UnetrPlusPlusConfig config =
        variant.equals("nano")
            ? UnetrPlusPlusConfig.variant("nano", 1, 14)
            : Golden.read(variant).config();
    TrainingOptions options = TrainingOptions.published(precision);
    assertThat(megabytes(TrainingMemory.peakBytes(config, 1, options)))
        .isCloseTo(kept, within(BOUND * kept));
    assertThat(megabytes(TrainingMemory.peakBytes(config, 1, options.withCheckpointing())))
        .isCloseTo(recomputed, within(BOUND * recomputed));
  }

  private static double megabytes(long bytes) {
    return (double) bytes / 1e6;
  }

  @ParameterizedTest
  @EnumSource(names = {"FLOAT32", "BFLOAT16"})
  void aTrainingOfTodayTakesWhatIsEstimated(Precision precision)
      throws IOException, InterruptedException {
    assumeThat(MemoryProbe.STATUS).as("this system does not tell resident memory").exists();
    double measured =
        megabytes(MemoryProbe.run("train", "nano", precision, 1, MemoryProbe.Freed.KEPT).peak());
    long estimated =
        TrainingMemory.peakBytes(
            UnetrPlusPlusConfig.variant("nano", 1, 14), 1, TrainingOptions.published(precision));
    assertThat(megabytes(estimated)).isCloseTo(measured, within(BOUND * measured));
  }

  @Test
  void moreSamplesLargerPatchesAndMoreMomentsTakeMore() {
    UnetrPlusPlusConfig config = UnetrPlusPlusConfig.variant("synapse", 1, 14);
    TrainingOptions sgd = TrainingOptions.published(Precision.FLOAT32);
    long one = TrainingMemory.peakBytes(config, 1, sgd);
    assertThat(TrainingMemory.peakBytes(config, 2, sgd)).isGreaterThan(one + one / 2);
    TrainingOptions adamw = sgd.withOptimizer(Optimizer.adamw());
    assertThat(TrainingMemory.peakBytes(config, 1, adamw)).isGreaterThan(one + 4 * 42_000_000L);
    UnetrPlusPlusConfig vast = config.withPatch(java.util.List.of(1024, 2048, 2048));
    assertThat(TrainingMemory.peakBytes(vast, 2, sgd)).isGreaterThan(1L << 40);
  }

  @Test
  void aPrecisionThatIsNotChosenYetIsRefused() {
    UnetrPlusPlusConfig config = TestNetworks.tiny();
    TrainingOptions open = TrainingOptions.published(Precision.AUTO);
    assertThatThrownBy(() -> TrainingMemory.peakBytes(config, 1, open))
        .hasMessageContaining("precision");
    TrainingOptions options = TrainingOptions.published(Precision.FLOAT32);
    assertThatThrownBy(() -> TrainingMemory.peakBytes(config, 0, options))
        .hasMessageContaining("batch: expected at least 1");
  }
}
