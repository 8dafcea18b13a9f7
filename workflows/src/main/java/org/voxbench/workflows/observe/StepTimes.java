package org.voxbench.workflows.observe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.voxbench.workflows.journal.Run;
import org.voxbench.workflows.journal.RunState;
import org.voxbench.workflows.journal.StepRun;
import org.voxbench.workflows.run.RunObserver;

/** Times steps and counts attempts, by what changes in runs. */
final class StepTimes implements RunObserver {

  private static final Duration[] BOUNDS = {
    Duration.ofSeconds(1),
    Duration.ofSeconds(10),
    Duration.ofMinutes(1),
    Duration.ofMinutes(10),
    Duration.ofHours(1),
    Duration.ofHours(6),
    Duration.ofDays(1)
  };

  private final MeterRegistry registry;

  /** Runs that are worked on, as they were last seen. */
  private final Map<String, Run> seen = new ConcurrentHashMap<>();

  StepTimes(MeterRegistry registry) {
    this.registry = registry;
  }

  @Override
  public void changed(Run run) {
    @Nullable Run before = run.state().ended() ? seen.remove(run.id()) : seen.put(run.id(), run);
    for (StepRun step : run.steps()) {
      StepRun old = before == null ? StepRun.waiting(step.name()) : before.step(step.name());
      if (before != null && step.attempt() > old.attempt()) {
        Counter.builder("voxbench.attempts")
            .description("Attempts begun")
            .tag("step", step.name().key())
            .register(registry)
            .increment();
      }
      if (before != null && step.state() != old.state() && ended(step.state())) {
        timer(step).record(Duration.ofNanos(Math.round((step.seconds() - old.seconds()) * 1e9)));
      }
    }
  }

  private static boolean ended(RunState state) {
    return state != RunState.QUEUED && state != RunState.RUNNING;
  }

  private Timer timer(StepRun step) {
    String outcome = step.reused() ? "reused" : step.state().name().toLowerCase(Locale.ROOT);
    return Timer.builder("voxbench.step")
        .description("Time from the beginning of a step's attempt to its end")
        .tag("step", step.name().key())
        .tag("outcome", outcome)
        .serviceLevelObjectives(BOUNDS)
        .register(registry);
  }
}
