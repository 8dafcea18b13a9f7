package org.voxbench.steps.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.voxbench.steps.train.CounterRandom.Purpose;

class CounterRandomTest {

  @Test
  void theSameCountersDrawTheSameNumbers() {
    CounterRandom first = new CounterRandom(20, Purpose.TRAINING_PATCH, 3, 7, 1);
    CounterRandom second = new CounterRandom(20, Purpose.TRAINING_PATCH, 3, 7, 1);

    for (int i = 0; i < 100; i++) {
      assertThat(first.nextLong()).isEqualTo(second.nextLong());
    }
  }

  @Test
  void everyCounterChangesTheDraw() {
    Set<Long> draws = new HashSet<>();
    for (Purpose purpose : Purpose.values()) {
      for (int seed = 0; seed < 4; seed++) {
        for (int epoch = 0; epoch < 4; epoch++) {
          for (int iteration = 0; iteration < 4; iteration++) {
            for (int sample = 0; sample < 4; sample++) {
              draws.add(new CounterRandom(seed, purpose, epoch, iteration, sample).nextLong());
            }
          }
        }
      }
    }

    assertThat(draws).hasSize(Purpose.values().length * 256);
  }

  @Test
  void drawsAreUniformOverNeighbouringIterations() {
    int[] counts = new int[10];
    for (int iteration = 0; iteration < 100_000; iteration++) {
      counts[new CounterRandom(20, Purpose.TRAINING_PATCH, 0, iteration, 0).below(10)]++;
    }

    for (int count : counts) {
      assertThat(count).isCloseTo(10_000, within(400));
    }
  }

  @Test
  void gaussiansHaveMeanZeroAndDeviationOne() {
    CounterRandom random = new CounterRandom(20, Purpose.TRAINING_AUGMENTATION, 0, 0, 0);
    double sum = 0;
    double squares = 0;
    int draws = 200_000;
    for (int i = 0; i < draws; i++) {
      double value = random.gaussian();
      sum += value;
      squares += value * value;
    }

    assertThat(sum / draws).isCloseTo(0, within(0.01));
    assertThat(Math.sqrt(squares / draws)).isCloseTo(1, within(0.01));
  }

  @Test
  void aRangeIncludesBothEnds() {
    CounterRandom random = new CounterRandom(20, Purpose.VALIDATION_PATCH, 0, 0, 0);
    Set<Integer> seen = new HashSet<>();
    for (int i = 0; i < 1000; i++) {
      seen.add(random.between(-2, 2));
    }

    assertThat(seen).containsExactlyInAnyOrder(-2, -1, 0, 1, 2);
  }
}
