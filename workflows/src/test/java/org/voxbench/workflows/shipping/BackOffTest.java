package org.voxbench.workflows.shipping;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class BackOffTest {

  private static final Duration FIRST = Duration.ofSeconds(2);
  private static final Duration LONGEST = Duration.ofMinutes(1);

  @Test
  void thePausesAreThoseTheDocumentationNames() {
    BackOff backOff = new BackOff(FIRST, LONGEST, 0);
    List<Long> pauses = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      pauses.add(pauseAfterFailure(backOff));
    }
    assertThat(pauses).containsExactly(2L, 4L, 8L, 16L, 32L, 60L, 60L, 60L);
  }

  @Test
  void aServerThatAnsweredIsAskedAgainAsAfterItsFirstFailure() {
    BackOff backOff = new BackOff(FIRST, LONGEST, 0);
    pauseAfterFailure(backOff);
    pauseAfterFailure(backOff);
    backOff.worked();
    assertThat(pauseAfterFailure(backOff)).isEqualTo(2);
  }

  @Property
  void howeverOftenItFailsAPauseIsNeitherShorterThanTheFirstNorLongerThanTheLongest(
      @ForAll @IntRange(max = 2_000) int failures, @ForAll @LongRange long began) {
    BackOff backOff = new BackOff(FIRST, LONGEST, began);
    assertThat(backOff.isOver(began)).isTrue();
    for (int i = 0; i <= failures; i++) {
      backOff.failed(began);
    }
    assertThat(backOff.isOver(began + FIRST.toNanos() - 1)).isFalse();
    assertThat(backOff.isOver(began + LONGEST.toNanos())).isTrue();
  }

  private static long pauseAfterFailure(BackOff backOff) {
    backOff.failed(0);
    long seconds = 0;
    while (!backOff.isOver(Duration.ofSeconds(seconds).toNanos())) {
      seconds++;
    }
    return seconds;
  }
}
