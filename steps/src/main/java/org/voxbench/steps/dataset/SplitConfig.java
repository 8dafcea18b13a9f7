package org.voxbench.steps.dataset;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How the cases are split into training and validation; {@code kind} in the configuration. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
  @JsonSubTypes.Type(value = SplitConfig.Listed.class, name = "listed"),
  @JsonSubTypes.Type(value = SplitConfig.RandomByPatient.class, name = "random"),
  @JsonSubTypes.Type(value = SplitConfig.Same.class, name = "same")
})
public sealed interface SplitConfig {

  /**
   * Splits.
   *
   * @param cases ids of the labelled cases that exist
   * @param patientPattern regular expression found in a case id; its first group (or the whole
   *     match where it has none) is the patient. Empty or null: each case is a patient of its own
   * @throws org.voxbench.steps.PermanentStepException naming unknown ids with the nearest legal
   *     one, patients on both sides, ids without a patient, or a side left empty, all at once
   */
  Split split(Collection<String> cases, @Nullable String patientPattern);

  /**
   * Splits by lists.
   *
   * @param validation ids held out
   * @param training ids learnt from; empty: all others
   */
  record Listed(List<String> validation, List<String> training) implements SplitConfig {

    public Listed(@Nullable List<String> validation, @Nullable List<String> training) {
      this.validation = validation == null ? List.of() : List.copyOf(validation);
      this.training = training == null ? List.of() : List.copyOf(training);
      if (this.validation.isEmpty()) {
        throw new IllegalArgumentException(
            "split.validation: expected at least one case id; to train and validate on the same"
                + " cases write {kind: same}");
      }
    }

    @Override
    public Split split(Collection<String> cases, @Nullable String patientPattern) {
      return Splitting.listed(this, cases, new Patients(patientPattern));
    }
  }

  /**
   * Holds out patients drawn at random. Each patient's draw depends on the seed and its own name
   * only.
   *
   * @param fraction share of the patients held out, in (0, 1)
   * @param seed chooses the draw
   */
  record RandomByPatient(double fraction, long seed) implements SplitConfig {

    public RandomByPatient {
      if (!(fraction > 0 && fraction < 1)) {
        throw new IllegalArgumentException(
            "split.fraction: expected more than 0 and less than 1 but was " + fraction);
      }
    }

    @Override
    public Split split(Collection<String> cases, @Nullable String patientPattern) {
      return Splitting.random(this, cases, new Patients(patientPattern));
    }
  }

  /** Trains and validates on the same cases: a check of the machinery, not of generalisation. */
  record Same() implements SplitConfig {

    @Override
    public Split split(Collection<String> cases, @Nullable String patientPattern) {
      return Splitting.same(cases);
    }
  }
}
