package org.voxbench.steps;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a finished step reports.
 *
 * @param metrics summary figures of the step by dotted name, such as {@code dice.mean}
 * @param artifacts files below the output folder, relative with '/', that the tracking server
 *     should hold too
 */
public record StepResult(Map<String, Double> metrics, List<String> artifacts) {

  public StepResult {
    metrics = new TreeMap<>(metrics);
    artifacts = List.copyOf(artifacts);
  }

  /** A result that has neither figures nor artifacts. */
  public static StepResult empty() {
    return new StepResult(Map.of(), List.of());
  }
}
