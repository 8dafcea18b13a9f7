package org.voxbench.steps.preprocess;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.voxbench.steps.PermanentStepException;
import org.voxbench.steps.StepContext;
import org.voxbench.steps.dataset.Origins;
import org.voxbench.steps.dataset.Quarantine;
import org.voxbench.steps.dataset.RawDataset;

/** Gathers the cases that are unfit to be prepared, in words that name the user's own files. */
final class Suspects {

  private final RawDataset raw;
  private final Origins origins;
  private final PreprocessSettings.BadCases policy;
  private final TreeMap<String, List<String>> cases = new TreeMap<>();

  Suspects(RawDataset raw, PreprocessSettings.BadCases policy) throws IOException {
    this.raw = raw;
    this.origins = Origins.read(raw.folder());
    this.policy = policy;
  }

  void add(String id, List<String> problems) {
    if (!problems.isEmpty()) {
      cases.put(
          id,
          problems.stream().map(problem -> origins.inUsersWords(raw.folder(), problem)).toList());
    }
  }

  /**
   * Refuses when the user wants no quarantine, or when half of the cases or more are bad, which is
   * a fault of the dataset rather than of single cases.
   */
  void refuseUnlessFew(int labelled) {
    boolean refuse = policy == PreprocessSettings.BadCases.REFUSE;
    if (!cases.isEmpty() && (refuse || 2 * cases.size() >= labelled)) {
      refuseAll();
    }
  }

  void refuseAll() {
    List<String> problems = new ArrayList<>();
    cases.values().forEach(problems::addAll);
    if (problems.isEmpty()) {
      problems.add("expected at least one readable case with image and label but found none");
    }
    throw new PermanentStepException(
        "preprocess: %d problems in the raw data:%n  - %s"
            .formatted(problems.size(), String.join("\n  - ", problems)));
  }

  /** Notes and writes down what is in quarantine. */
  void publish(StepContext context) throws IOException {
    if (cases.isEmpty()) {
      return;
    }
    cases.forEach(
        (id, problems) ->
            context
                .listener()
                .note(
                    "quarantined, counts as failed where it is validated: "
                        + String.join(" ", problems)));
    new Quarantine(cases).write(context.output());
  }
}
