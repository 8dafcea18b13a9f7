package org.voxbench.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class TrainingTest {

  @Test
  void theLossFallsOnASmallProblem() {
    UnetrPlusPlusConfig config = TestNetworks.tiny();
    try (Training training =
        Training.start(config, TestNetworks.adamw(Precision.FLOAT32), TestNetworks.CPU, 7)) {
      double first = 0;
      double last = 0;
      for (int i = 0; i < 30; i++) {
        long start = System.nanoTime();
        StepLoss loss = training.step(TestNetworks.batch(config, 2, i), 2e-3, i);
        System.out.println(loss + " " + (System.nanoTime() - start) / 1e6);
        first = i == 0 ? loss.loss() : first;
        last = loss.loss();
      }
      assertThat(last).isLessThan(first - 0.5);
      ValidationLoss validation = training.validate(TestNetworks.batch(config, 2, 99));
      System.out.println(validation);
    }
  }
}
