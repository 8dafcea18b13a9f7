package org.voxbench.steps.check;

import java.nio.file.Path;
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

  private final Path folder;
  private final Map<Integer, String> labels;

  /**
   * @param folder of the dataset, which messages need not repeat
   */
  CaseCheck(Path folder, Map<Integer, String> labels) {
    this.folder = folder;
    this.labels = labels;
  }

  /** Where nobody says which classes there are, any label value is legal. */
  Set<Integer> classes() {
    return labels.isEmpty()
        ? IntStream.rangeClosed(1, Byte.MAX_VALUE).boxed().collect(Collectors.toSet())
        : labels.keySet();
  }

  /**
   * Judges a case.
   *
   * @param twins the ids of the dataset's other cases with the same scan
   */
  CaseVerdict verdict(RawCase one, ScanCheck.Result found, List<String> twins) {
    List<Finding> findings = new ArrayList<>();
    found.problems().forEach(problem -> findings.add(finding(one, problem)));
    boolean bad = !findings.isEmpty();
    if (!bad && one.label().isPresent()) {
      noteEmptyClasses(found.voxels(), findings);
    }
    if (!twins.isEmpty()) {
      findings.add(
          new Finding(
              "the same scan as " + String.join(", ", twins),
              "take all but one of them out of the dataset"));
    }
    Verdict verdict =
        bad ? Verdict.QUARANTINED : findings.isEmpty() ? Verdict.SOUND : Verdict.NOTED;
    return new CaseVerdict(
        one.id(), one.label().isPresent(), verdict, findings, found.voxels(), found.content());
  }

  private Finding finding(RawCase one, String problem) {
    String start = "case " + one.id() + ": ";
    String own = problem.startsWith(start) ? problem.substring(start.length()) : problem;
    return Finding.of(own.replace(folder + folder.getFileSystem().getSeparator(), ""));
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
