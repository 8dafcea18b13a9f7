package org.voxbench.steps.dataset;

import java.util.ArrayList;
import java.util.List;
import org.voxbench.steps.PermanentStepException;

/** Gathers everything that is wrong with one thing, so that the user mends it in one go. */
final class Problems {

  /** How many are printed; a folder that lost its images would otherwise fill the screen. */
  private static final int SHOWN = 20;

  private final String subject;
  private final List<String> found = new ArrayList<>();

  Problems(String subject) {
    this.subject = subject;
  }

  void add(String problem) {
    found.add(problem);
  }

  boolean isEmpty() {
    return found.isEmpty();
  }

  List<String> list() {
    return List.copyOf(found);
  }

  void throwIfAny() {
    if (!found.isEmpty()) {
      throw asException();
    }
  }

  PermanentStepException asException() {
    StringBuilder text = new StringBuilder(subject);
    text.append(found.size() == 1 ? ": 1 problem" : ": " + found.size() + " problems");
    found.stream().limit(SHOWN).forEach(problem -> text.append("\n  - ").append(problem));
    if (found.size() > SHOWN) {
      text.append("\n  - and ").append(found.size() - SHOWN).append(" more");
    }
    return new PermanentStepException(text.toString());
  }
}
