package org.voxbench.workflows.journal;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.voxbench.steps.StepName;
import org.voxbench.workflows.Json;

/**
 * One execution of an experiment, as it stands in {@code run.json}.
 *
 * @param id experiment name and a number, unique in the home folder
 * @param name the experiment's name
 * @param state where the run stands
 * @param created when it was asked for
 * @param finished when it ended, the last time it did
 * @param message the error or the way to go on, when it did not succeed
 * @param metrics summary figures of the finished steps by dotted name
 * @param steps all six, in order
 */
public record Run(
    String id,
    String name,
    RunState state,
    Instant created,
    @Nullable Instant finished,
    @Nullable String message,
    Map<String, Double> metrics,
    List<StepRun> steps) {

  public Run {
    metrics = new TreeMap<>(metrics);
    steps = List.copyOf(steps);
  }

  /**
   * Reads one.
   *
   * @param file its {@code run.json}
   * @throws IllegalArgumentException naming the file and the cure when it holds no run
   */
  public static Run read(Path file) throws IOException {
    try {
      return Json.MAPPER.readValue(file.toFile(), Run.class);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          file
              + ": expected the record of a run but it cannot be read ("
              + e.getOriginalMessage().lines().findFirst().orElse("no message")
              + "). Put it back from a backup, or move its folder elsewhere: what the run published"
              + " stays in the store and is taken when the same experiment is run again. All other"
              + " runs are as they were.",
          e);
    }
  }

  /** A run of which nothing was done yet. */
  public static Run queued(String id, String name, Instant created) {
    List<StepRun> steps = Arrays.stream(StepName.values()).map(StepRun::waiting).toList();
    return new Run(id, name, RunState.QUEUED, created, null, null, Map.of(), steps);
  }

  /** The step of that name. */
  public StepRun step(StepName step) {
    return steps.stream().filter(s -> s.name() == step).findFirst().orElseThrow();
  }

  /**
   * Its state as people mean it: a run whose next step waits for a device, or for an output that
   * another run makes, is waiting, though its turn has come.
   */
  public RunState shown() {
    boolean works = steps.stream().anyMatch(step -> step.state() == RunState.RUNNING);
    boolean open = steps.stream().anyMatch(step -> step.state() == RunState.QUEUED);
    return state == RunState.RUNNING && open && !works ? RunState.QUEUED : state;
  }

  /** Time spent on all steps, in seconds. */
  public double seconds() {
    return steps.stream().mapToDouble(StepRun::seconds).sum();
  }

  /**
   * The same run in another state.
   *
   * @throws IllegalStateException when the change is not in the table of {@link RunState}
   */
  public Run become(RunState next, @Nullable Instant end, @Nullable String newMessage) {
    if (!state.canBecome(next)) {
      throw new IllegalStateException("run " + id + " cannot change from " + state + " to " + next);
    }
    return new Run(id, name, next, created, end, newMessage, metrics, steps);
  }

  /** The same run with one step changed. */
  public Run with(StepName name, UnaryOperator<StepRun> change) {
    List<StepRun> changed =
        steps.stream().map(step -> step.name() == name ? change.apply(step) : step).toList();
    return new Run(id, this.name, state, created, finished, message, metrics, changed);
  }

  /** The same run with figures added. */
  public Run plus(Map<String, Double> figures) {
    Map<String, Double> all = new TreeMap<>(metrics);
    all.putAll(figures);
    return new Run(id, name, state, created, finished, message, all, steps);
  }

  /** The same run, ready to go on: every step waits again, to be reused where it was done. */
  public Run requeued() {
    return requeued(null);
  }

  /** The same run, ready to go on, with a sentence on why. */
  public Run requeued(@Nullable String why) {
    List<StepRun> waiting =
        steps.stream()
            .map(step -> step.state() == RunState.RUNNING ? step.become(RunState.LOST, why) : step)
            .map(step -> step.state().ended() ? step.become(RunState.QUEUED, null) : step)
            .toList();
    Run run = new Run(id, name, state, created, null, why, metrics, waiting);
    return state == RunState.QUEUED ? run : run.become(RunState.QUEUED, null, why);
  }
}
