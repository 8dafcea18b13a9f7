package org.voxbench.workflows.config;

import java.util.List;
import java.util.stream.Collectors;

/** The configuration cannot be used. Carries every problem that was found, in reading order. */
public final class ConfigurationException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** Lost by serialisation, for which nobody asks; the message stays. */
  private final transient List<Problem> problems;

  ConfigurationException(List<Problem> problems) {
    super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
    if (problems.isEmpty()) {
      throw new IllegalArgumentException("expected at least one problem");
    }
    this.problems = List.copyOf(problems);
  }

  /** What is wrong; at least one. */
  public List<Problem> problems() {
    return problems;
  }
}
