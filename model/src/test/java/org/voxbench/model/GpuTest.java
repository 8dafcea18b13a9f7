package org.voxbench.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The same program on CUDA; docs/gpu.md tells how to give these tests a GPU. */
@Tag("gpu")
final class GpuTest {

  private static final UnetrPlusPlusConfig CONFIG = TestNetworks.tiny();
  private static final Compute CUDA = new Compute(Compute.Device.CUDA, 1, TestNetworks.CPU.cache());

  @BeforeEach
  void aGpuIsAtHand() {
    Engines.open(TestNetworks.CPU).close();
    Assumptions.assumeTrue(
        Engine.getEngine("PyTorch").getGpuCount() > 0,
        "PyTorch sees no CUDA device; docs/gpu.md tells how to give it one");
  }

  @ParameterizedTest
  @CsvSource({"FLOAT32,2e-3", "BFLOAT16,0.05", "FLOAT16,0.05"})
  void predictionsAreThoseOfTheCpu(Precision precision, double tolerance) {
    Weights weights = Weights.initial(CONFIG, 7);
    float[] window = TestNetworks.batch(CONFIG, 1, 0).images();
    try (Predictor cpu = Predictor.open(CONFIG, weights, Precision.FLOAT32, TestNetworks.CPU);
        Predictor gpu = Predictor.open(CONFIG, weights, precision, CUDA)) {
      float[] expected = cpu.probabilities(window, 1, false);
      float[] found = gpu.probabilities(window, 1, false);
      for (int i = 0; i < expected.length; i++) {
        assertThat((double) found[i]).isCloseTo(expected[i], within(tolerance));
      }
    }
  }

  @Test
  void aTrainingStepGivesTheLossOfTheCpu() {
    UnetrPlusPlusConfig still = CONFIG.withoutDropout();
    TrainingOptions options = TrainingOptions.published(Precision.FLOAT32);
    Batch batch = TestNetworks.batch(still, 2, 0);
    try (Training cpu = Training.start(still, options, TestNetworks.CPU, 7);
        Training gpu = Training.start(still, options, CUDA, 7)) {
      for (int i = 0; i < 3; i++) {
        double expected = cpu.step(batch, 1e-3, i).loss();
        assertThat(gpu.step(batch, 1e-3, i).loss()).isCloseTo(expected, within(0.01));
      }
    }
  }
}
