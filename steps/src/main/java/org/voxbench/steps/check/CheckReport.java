package org.voxbench.steps.check;

import java.util.List;

/**
 * What a check found; as JSON it is the machine-readable verdict.
 *
 * @param sound whether every dataset can be prepared and split as declared
 * @param datasets one verdict each
 * @param duplicates scans that occur more than once
 */
public record CheckReport(
    boolean sound, List<DatasetVerdict> datasets, List<Duplicate> duplicates) {

  public CheckReport {
    datasets = List.copyOf(datasets);
    duplicates = List.copyOf(duplicates);
  }

  /**
   * One scan under several names.
   *
   * @param content the digest they share
   * @param cases {@code dataset/case} each
   * @param acrossDatasets whether more than one dataset holds it
   */
  public record Duplicate(String content, List<String> cases, boolean acrossDatasets) {

    public Duplicate {
      cases = List.copyOf(cases);
    }
  }

  /** The report for a person: a line per dataset, then whatever is to be known, then the end. */
  public String inWords() {
    StringBuilder text = new StringBuilder();
    for (DatasetVerdict dataset : datasets) {
      text.append(
          "%s (%s): %d %s, %d quarantined%n"
              .formatted(
                  dataset.name(),
                  dataset.layout(),
                  dataset.cases().size(),
                  dataset.cases().size() == 1 ? "case" : "cases",
                  dataset.quarantined().size()));
      dataset.problems().forEach(problem -> line(text, "problem", problem));
      for (CaseVerdict one : dataset.cases()) {
        String verdict = one.verdict() == Verdict.QUARANTINED ? "quarantined" : "note";
        one.findings().forEach(finding -> line(text, verdict, one.id() + ": " + finding));
      }
      dataset.remarks().forEach(remark -> line(text, "remark", remark));
    }
    for (Duplicate duplicate : duplicates) {
      line(text, "same scan", String.join(" = ", duplicate.cases()));
    }
    text.append(sound ? "sound" : "not sound");
    return text.toString();
  }

  private static void line(StringBuilder text, String kind, String sentence) {
    text.append("  ").append(kind).append(": ").append(sentence).append(System.lineSeparator());
  }
}
