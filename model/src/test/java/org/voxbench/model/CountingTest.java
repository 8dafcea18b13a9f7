package org.voxbench.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CountingTest {

  @ParameterizedTest
  @CsvSource({
    "synapse,1,14,42952850,47.94",
    "acdc,1,4,66796404,43.71",
    "lung,1,2,121174798,125.84",
    "tumor,4,4,42647604,73.60",
  })
  void countsAreThoseOfFvcore(String variant, int in, int classes, long parameters, double giga) {
    Counting.Network network = Counting.of(UnetrPlusPlusConfig.variant(variant, in, classes));
    assertThat(network.parameters()).isEqualTo(parameters);
    assertThat(network.layers().stream().mapToLong(Counting.Layer::parameters).sum())
        .isEqualTo(parameters);
    assertThat(network.operations() / 1e9).isCloseTo(giga, within(0.005 * giga));
  }
}
