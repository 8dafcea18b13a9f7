package org.voxbench.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class TrainingTest {

  private static final UnetrPlusPlusConfig CONFIG = TestNetworks.tiny();

  @ParameterizedTest
  @EnumSource(names = {"FLOAT32", "BFLOAT16"})
  void theLossFallsInEveryPrecision(Precision precision) {
    try (Training training = start(TestNetworks.adamw(precision), 7)) {
      double first = training.step(TestNetworks.batch(CONFIG, 2, 0), 2e-3, 0).loss();
      double last = first;
      for (int i = 1; i < 8; i++) {
        last = training.step(TestNetworks.batch(CONFIG, 2, i), 2e-3, i).loss();
      }
      assertThat(last).isLessThan(first - 0.3);
    }
  }

  @Test
  void float16ScalesTheLossUntilStepsApply() {
    try (Training training = start(TestNetworks.adamw(Precision.FLOAT16), 7)) {
      Batch batch = TestNetworks.batch(CONFIG, 1, 0);
      StepLoss first = training.step(batch, 1e-3, 0);
      StepLoss second = training.step(batch, 1e-3, 1);
      assertThat(first.lossScale()).isEqualTo(65536);
      assertThat(second.lossScale()).isEqualTo(first.applied() ? 65536 : 32768);
      assertThat(second.loss()).isFinite();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aResumedTrainingEqualsAnUninterruptedOneBitForBit(Optimizer.Kind kind, @TempDir Path folder)
      throws IOException {
    Optimizer rule = kind == Optimizer.Kind.SGD ? Optimizer.sgd() : Optimizer.adamw();
    TrainingOptions options = TrainingOptions.published(Precision.FLOAT32).withOptimizer(rule);
    Path file = folder.resolve("state.safetensors");
    Weights uninterrupted;
    try (Training training = start(options, 7)) {
      steps(training, 0, 2);
      training.save(file);
      steps(training, 2, 4);
      uninterrupted = training.weights();
    }
    try (Training training = Training.resume(CONFIG, options, TestNetworks.CPU, 7, file)) {
      steps(training, 2, 4);
      assertThat(training.weights().tensors()).isEqualTo(uninterrupted.tensors());
    }
  }

  @ParameterizedTest
  @CsvSource({"FLOAT32,true", "BFLOAT16,true", "FLOAT32,false"})
  void recomputingActivationsChangesNoBit(Precision precision, boolean deepSupervision) {
    TrainingOptions kept =
        new TrainingOptions(Optimizer.sgd(), 12, true, deepSupervision, precision, false);
    try (Training plain = start(kept, 7);
        Training recomputing = start(kept.withCheckpointing(), 7)) {
      steps(plain, 0, 3);
      steps(recomputing, 0, 3);
      assertThat(recomputing.weights().tensors()).isEqualTo(plain.weights().tensors());
    }
  }

  @Test
  void aStateOfAnotherSeedOrOptimizerIsRefused(@TempDir Path folder) throws IOException {
    TrainingOptions sgd = TrainingOptions.published(Precision.FLOAT32);
    Path file = folder.resolve("state.safetensors");
    try (Training training = start(sgd, 7)) {
      training.save(file);
    }
    assertThatThrownBy(() -> Training.resume(CONFIG, sgd, TestNetworks.CPU, 8, file))
        .hasMessageContaining("seed 7");
    TrainingOptions adamw = sgd.withOptimizer(Optimizer.adamw());
    assertThatThrownBy(() -> Training.resume(CONFIG, adamw, TestNetworks.CPU, 7, file))
        .hasMessageContaining("optimizer SGD");
  }

  @Test
  void aStepThatIsNotFiniteChangesNothingAndSaysSo() {
    Map<String, Tensor> tensors = new LinkedHashMap<>(Weights.initial(CONFIG, 7).tensors());
    tensors.put("out1.conv.conv.bias", Tensor.of(List.of(3), 0, Float.NaN, 0));
    TrainingOptions options = TrainingOptions.published(Precision.FLOAT32);
    try (Training training =
        Training.from(CONFIG, options, TestNetworks.CPU, 7, Weights.of(tensors))) {
      StepLoss loss = training.step(TestNetworks.batch(CONFIG, 2, 0), 0.01, 0);
      assertThat(loss.applied()).isFalse();
      assertThat(loss.loss()).isNaN();
      assertThat(training.weights().tensors()).isEqualTo(tensors);
    }
  }

  @Test
  void badBatchesAreRefusedByName() {
    try (Training training = start(TestNetworks.adamw(Precision.FLOAT32), 7)) {
      Batch good = TestNetworks.batch(CONFIG, 1, 0);
      float[] images = good.images().clone();
      images[CONFIG.patchVoxels() / 2] = Float.NaN;
      assertThatThrownBy(() -> training.step(new Batch(images, good.labels(), 1), 0.01, 0))
          .hasMessageContaining("NaN in sample 0, channel 0, at (z 8, y 0, x 0)");
      byte[] labels = good.labels().clone();
      labels[5] = 3;
      assertThatThrownBy(() -> training.step(new Batch(good.images(), labels, 1), 0.01, 0))
          .hasMessageContaining("expected -1 to 2 but sample 0 has 3");
      assertThatThrownBy(() -> training.step(new Batch(images, labels, 2), 0.01, 0))
          .hasMessageContaining("batch.images: expected 32768 values but found 16384");
    }
  }

  @Test
  void validationCountsEveryVoxelOnceAndChangesNothing() {
    try (Training training = start(TestNetworks.adamw(Precision.FLOAT32), 7)) {
      Map<String, Tensor> before = training.weights().tensors();
      Batch batch = TestNetworks.batch(CONFIG, 2, 0);
      ValidationLoss loss = training.validate(batch);
      long voxels = 0;
      for (int label = 0; label < CONFIG.classes(); label++) {
        voxels += loss.truePositives()[label] + loss.falseNegatives()[label];
      }
      assertThat(voxels).isEqualTo(batch.labels().length);
      assertThat(loss.falsePositives()).hasSize(3);
      assertThat(training.weights().tensors()).isEqualTo(before);
    }
  }

  @Test
  void cudaWithoutCudaIsRefusedWithTheWayOut() {
    Compute cuda = new Compute(Compute.Device.CUDA, 1, TestNetworks.CPU.cache());
    TrainingOptions options = TrainingOptions.published(Precision.FLOAT32);
    org.junit.jupiter.api.Assumptions.assumeTrue(
        ai.djl.engine.Engine.getEngine("PyTorch").getGpuCount() == 0, "this machine has a GPU");
    assertThatThrownBy(() -> Training.start(CONFIG, options, cuda, 1))
        .hasMessageContaining("PYTORCH_LIBRARY_PATH");
  }

  private static Training start(TrainingOptions options, long seed) {
    return Training.start(CONFIG, options, TestNetworks.CPU, seed);
  }

  private static void steps(Training training, int from, int to) {
    for (int i = from; i < to; i++) {
      assertThat(training.step(TestNetworks.batch(CONFIG, 2, i), 0.01, i).applied()).isTrue();
    }
  }
}
