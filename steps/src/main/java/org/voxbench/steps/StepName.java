package org.voxbench.steps;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
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

  /** The step after this one; empty after the last. */
  public Optional<StepName> next() {
    List<StepName> all = List.of(values());
    int after = all.indexOf(this) + 1;
    return after < all.size() ? Optional.of(all.get(after)) : Optional.empty();
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
