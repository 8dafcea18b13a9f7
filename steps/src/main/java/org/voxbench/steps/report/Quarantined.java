package org.voxbench.steps.report;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.voxbench.steps.StepContext;
import org.voxbench.steps.StepName;
import org.voxbench.steps.dataset.Quarantine;
import org.voxbench.steps.dataset.RawDataset;
import org.voxbench.steps.evaluate.CaseScore;
import org.voxbench.steps.evaluate.Scores;

/**
 * The labelled cases of the dataset that were unfit to be prepared, so that nobody takes a part of
 * a dataset for the whole.
 *
 * @param labelled labelled cases of the dataset, these among them
 * @param cases these, in order of their id
 */
record Quarantined(
    @JsonProperty("labelled") int labelled, @JsonProperty("cases") List<Case> cases) {

  static final String TITLE = "Cases in quarantine";

  /**
   * One case.
   *
   * @param consequence what follows for learning and for the scores
   * @param reason what is wrong with it and how to mend it
   */
  record Case(
      @JsonProperty("id") String id,
      @JsonProperty("consequence") String consequence,
      @JsonProperty("reason") String reason) {}

  Quarantined {
    cases = List.copyOf(cases);
  }

  static Quarantined read(StepContext context, Scores scores) throws IOException {
    int labelled = RawDataset.open(context.input(StepName.DOWNLOAD)).training().size();
    Set<String> validated =
        scores.cases().stream().map(CaseScore::name).collect(Collectors.toSet());
    boolean same = scores.split().equals("same");
    List<Case> cases = new ArrayList<>();
    Quarantine.read(context.input(StepName.PREPROCESS))
        .cases()
        .forEach(
            (id, problems) ->
                cases.add(
                    new Case(
                        id,
                        consequence(validated.contains(id), same),
                        String.join(" ", problems))));
    return new Quarantined(labelled, cases);
  }

  private static String consequence(boolean validated, boolean same) {
    if (!validated) {
      return "not learnt from";
    }
    return (same ? "not learnt from; " : "") + "counts as failed, with the worst scores";
  }

  String sentence() {
    return "%d of the dataset's %d labelled cases were unfit to be prepared."
        .formatted(cases.size(), labelled);
  }
}
