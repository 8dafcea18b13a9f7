package org.voxbench.workflows.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.voxbench.steps.StepName;

class RunStateTest {

  @ParameterizedTest
  @CsvSource({
    "QUEUED,    RUNNING SUCCEEDED STOPPED CANCELLED",
    "RUNNING,   QUEUED SUCCEEDED FAILED STOPPED LOST CANCELLED PARKED",
    "SUCCEEDED, QUEUED",
    "FAILED,    QUEUED",
    "STOPPED,   QUEUED CANCELLED",
    "LOST,      QUEUED CANCELLED",
    "CANCELLED, QUEUED",
    "PARKED,    QUEUED CANCELLED"
  })
  void everyPairOfStatesIsEitherLegalOrRefused(RunState from, String legal) {
    Set<String> allowed = Set.of(legal.split(" ", -1));
    for (RunState to : RunState.values()) {
      assertThat(from.canBecome(to))
          .as("%s to %s", from, to)
          .isEqualTo(allowed.contains(to.name()));
    }
  }

  @ParameterizedTest
  @EnumSource(value = RunState.class, names = "QUEUED", mode = EnumSource.Mode.EXCLUDE)
  void aRunCannotBecomeWhatItAlreadyIs(RunState state) {
    Run run =
        new Run(
            "demo-1",
            "demo",
            state,
            Instant.EPOCH,
            null,
            null,
            Map.of(),
            List.of(StepRun.waiting(StepName.DOWNLOAD)));
    assertThatThrownBy(() -> run.become(state, null, null))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("demo-1");
  }
}
