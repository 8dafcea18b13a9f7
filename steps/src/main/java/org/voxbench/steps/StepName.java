package org.voxbench.steps;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** The six steps of a run, in the order in which they are chained. */
public enum StepName {
  DOWNLOAD,
  PREPROCESS,
  TRAIN,
  CHECKPOINT,
  EVALUATE,
  REPORT;

  /** The name as it stands in YAML, in the journal, on the page and in folder names. */
  @JsonValue
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Finds a step by its key.
   *
   * @throws IllegalArgumentException naming the legal keys
   */
  @JsonCreator
  public static StepName of(String key) {
    return Arrays.stream(values())
        .filter(step -> step.key().equals(key))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "expected one of "
                        + Arrays.stream(values()).map(StepName::key).collect(Collectors.toList())
                        + " but found "
                        + key));
  }
}
