package org.voxbench.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LearningRateTest {

  @ParameterizedTest
  @CsvSource({"0,0.01", "1,0.00999100", "100,0.00909533", "500,0.00535887", "999,1.99526e-5"})
  void polyFollowsThePublishedTable(double epoch, double expected) {
    assertThat(LearningRate.poly(0.01, 1000).at(epoch)).isCloseTo(expected, within(1e-8));
  }

  @Test
  void cosineHalvesInTheMiddleAndWarmUpRisesToThePeak() {
    LearningRate cosine = new LearningRate(LearningRate.Kind.COSINE, 1, 110, 10);
    assertThat(cosine.at(0)).isCloseTo(1 / 11.0, within(1e-12));
    assertThat(cosine.at(10)).isEqualTo(1);
    assertThat(cosine.at(60)).isCloseTo(0.5, within(1e-12));
    assertThat(cosine.at(110)).isCloseTo(0, within(1e-12));
  }

  @Test
  void aWarmUpLongerThanTheTrainingIsRefused() {
    assertThatThrownBy(() -> new LearningRate(LearningRate.Kind.POLY, 1, 10, 10))
        .hasMessageContaining("schedule.warmup");
  }
}
