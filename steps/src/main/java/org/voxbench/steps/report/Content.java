package org.voxbench.steps.report;

import java.util.List;
import java.util.Map;
import org.voxbench.steps.evaluate.Scores;

/**
 * Everything a report tells.
 *
 * @param name the experiment
 * @param dataset the dataset; may be empty
 * @param history the training's curves
 * @param network facts of the network by dotted name
 * @param worst the worst cases, the worst first
 * @param quarantined the cases that were set aside
 */
record Content(
    String name,
    String dataset,
    Scores scores,
    History history,
    Map<String, String> network,
    List<WorstCase> worst,
    Quarantined quarantined) {

  /** Whether the cases that were scored are those that were learnt. */
  boolean checksMachineryOnly() {
    return scores.split().equals("same");
  }

  /** What stands above everything else when scores say nothing about new scans. */
  String warning() {
    return "Fitted and evaluated on the same "
        + (scores.counts().expected() == 1 ? "scan" : "scans")
        + ": a check of the machinery, not of generalisation.";
  }

  String title() {
    return dataset.isEmpty() || dataset.equals(name) ? name : name + " on " + dataset;
  }
}
