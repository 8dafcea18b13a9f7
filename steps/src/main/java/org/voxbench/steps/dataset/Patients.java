package org.voxbench.steps.dataset;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;
import org.voxbench.steps.PermanentStepException;

/** Tells whose scan a case is, by a pattern in the case id. */
final class Patients {

  private final Optional<Pattern> pattern;

  Patients(@Nullable String pattern) {
    try {
      this.pattern =
          pattern == null || pattern.isEmpty()
              ? Optional.empty()
              : Optional.of(Pattern.compile(pattern));
    } catch (PatternSyntaxException e) {
      throw new PermanentStepException(
          "dataset.patient: expected a regular expression such as ^(patient[0-9]+)_ but "
              + e.getMessage(),
          e);
    }
  }

  /** The patient of a case; empty when the pattern does not occur in the id. */
  Optional<String> of(String caseId) {
    if (pattern.isEmpty()) {
      return Optional.of(caseId);
    }
    Matcher matcher = pattern.get().matcher(caseId);
    if (!matcher.find()) {
      return Optional.empty();
    }
    return Optional.ofNullable(matcher.group(matcher.groupCount() == 0 ? 0 : 1));
  }

  @Override
  public String toString() {
    return pattern.map(Pattern::pattern).orElse("(the case id)");
  }
}
