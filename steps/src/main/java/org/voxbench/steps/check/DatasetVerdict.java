package org.voxbench.steps.check;

import java.util.List;

/**
 * The verdict on one dataset.
 *
 * @param name as the user calls it
 * @param layout the archive form it was read in
 * @param problems what is wrong with the dataset as a whole: files, labels, split
 * @param remarks oddities that do not hinder
 * @param cases one verdict per case whose files were found, in order of id
 */
public record DatasetVerdict(
    String name,
    String layout,
    List<String> problems,
    List<String> remarks,
    List<CaseVerdict> cases) {

  public DatasetVerdict {
    problems = List.copyOf(problems);
    remarks = List.copyOf(remarks);
    cases = List.copyOf(cases);
  }

  /** The ids of the cases that preprocessing would refuse. */
  public List<String> quarantined() {
    return cases.stream()
        .filter(one -> one.verdict() == Verdict.QUARANTINED)
        .map(CaseVerdict::id)
        .toList();
  }
}
