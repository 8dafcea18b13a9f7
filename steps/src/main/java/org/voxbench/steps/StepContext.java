package org.voxbench.steps;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What one attempt of a step may touch.
 *
 * @param inputs the output folder of each step named by {@link Step#inputs()}, read-only
 * @param output an existing folder of this attempt's own
 * @param earlier the output folder of an earlier attempt with the same fingerprint that did not
 *     finish or was damaged: finished parts may be taken from it after they were verified;
 *     read-only
 * @param listener told of metrics, progress and notes
 * @param stop asked between units of work; see {@link StopSignal}
 * @param shared a folder that all attempts of this step, of all runs, have in common, for parts
 *     found by their content: each appears whole, by one rename, and never changes. Losing it costs
 *     time, never a result. Empty for an attempt that shares nothing
 * @param resources threads, memory and device this attempt may use
 */
public record StepContext(
    Map<StepName, Path> inputs,
    Path output,
    Optional<Path> earlier,
    RunListener listener,
    StopSignal stop,
    Optional<Path> shared,
    Resources resources) {

  public StepContext {
    inputs = Map.copyOf(inputs);
  }

  /** An attempt that shares nothing. */
  public StepContext(
      Map<StepName, Path> inputs,
      Path output,
      Optional<Path> earlier,
      RunListener listener,
      StopSignal stop,
      Resources resources) {
    this(inputs, output, earlier, listener, stop, Optional.empty(), resources);
  }

  /**
   * The output folder of an earlier step.
   *
   * @throws IllegalStateException when the step was not declared in {@link Step#inputs()}
   */
  public Path input(StepName step) {
    Path folder = inputs.get(step);
    if (folder == null) {
      throw new IllegalStateException("no input from step " + step.key() + " was declared");
    }
    return folder;
  }
}
