package org.voxbench.workflows.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CronTest {

  private static final Instant NOW = Instant.parse("2026-03-27T12:00:00Z");

  private static Sweep.Schedule timing(String cron, @Nullable Instant end) {
    return new Sweep.Schedule(cron, ZoneId.of("Europe/Berlin"), "once", "skip", end, null);
  }

  @Test
  void timesAreMeantInTheirZoneAlsoWhenTheClocksChange() {
    assertThat(Cron.next(timing("0 0 3 ? * *", null), NOW, 3))
        .containsExactly(
            Instant.parse("2026-03-28T02:00:00Z"),
            Instant.parse("2026-03-29T01:00:00Z"),
            Instant.parse("2026-03-30T01:00:00Z"));
  }

  @Test
  void nothingFollowsTheEnd() {
    Instant end = Instant.parse("2026-03-28T12:00:00Z");
    assertThat(Cron.next(timing("0 0 3 ? * *", end), NOW, 3)).hasSize(1);
  }

  @Test
  void aCronThatNeverFiresIsRefused() {
    assertThatThrownBy(() -> Cron.check(timing("0 0 0 30 2 ?", null), NOW))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("0 0 0 30 2 ?")
        .hasMessageContaining("never does");
    assertThatThrownBy(() -> Cron.check(timing("0 0 3 ? * * 2020", null), NOW))
        .hasMessageContaining("never does");
  }

  @Test
  void aCronThatCannotBeReadIsToldWithAnExample() {
    assertThatThrownBy(() -> Cron.check(timing("every day", null), NOW))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("every day")
        .hasMessageContaining("0 0 3 ? * SUN");
  }
}
