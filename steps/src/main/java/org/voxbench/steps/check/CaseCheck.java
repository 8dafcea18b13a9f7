package org.voxbench.steps.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.voxbench.steps.dataset.RawCase;
import org.voxbench.steps.preprocess.ScanCheck;

/** From what was found in a scan to the verdict on its case. */
final class CaseCheck {

  private final Map<Integer, String> labels;

  CaseCheck(Map<Integer, String> labels) {
    this.labels = labels;
  }

  /** Where nobody says which classes there are, any label value is legal. */
  Set<Integer> classes() {
    return labels.isEmpty()
        ? IntStream.rangeClosed(1, Byte.MAX_VALUE).boxed().collect(Collectors.toSet())
        : labels.keySet();
  }

  CaseVerdict verdict(RawCase one, ScanCheck.Result found) {
    List<Finding> findings = new ArrayList<>();
    found.problems().forEach(problem -> findings.add(finding(one, problem)));
    boolean bad = !findings.isEmpty();
    if (!bad && one.label().isPresent()) {
      noteEmptyClasses(found.voxels(), findings);
    }
    Verdict verdict =
        bad ? Verdict.QUARANTINED : findings.isEmpty() ? Verdict.SOUND : Verdict.NOTED;
    return new CaseVerdict(
        one.id(), one.label().isPresent(), verdict, findings, found.voxels(), found.content());
  }

  private static Finding finding(RawCase one, String problem) {
    String start = "case " + one.id() + ": ";
    return Finding.of(problem.startsWith(start) ? problem.substring(start.length()) : problem);
  }

  private void noteEmptyClasses(SortedMap<Integer, Long> voxels, List<Finding> notes) {
    labels.forEach(
        (label, name) -> {
          if (voxels.getOrDefault(label, 0L) == 0) {
            notes.add(
                new Finding(
                    "class " + label + " (" + name + ") has no voxel",
                    "leave it so if the scan does not show it: the class is then not scored"
                        + " there"));
          }
        });
  }
}
