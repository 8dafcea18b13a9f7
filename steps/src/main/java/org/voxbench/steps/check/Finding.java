package org.voxbench.steps.check;

/**
 * One thing worth knowing about a case.
 *
 * @param problem what was found
 * @param repair what would mend it; empty when nothing is known
 */
public record Finding(String problem, String repair) {

  /** From a sentence that names its repair after the first semicolon. */
  static Finding of(String sentence) {
    int cut = sentence.indexOf("; ");
    return cut < 0
        ? new Finding(sentence, "")
        : new Finding(sentence.substring(0, cut), sentence.substring(cut + 2));
  }

  @Override
  public String toString() {
    return repair.isEmpty() ? problem : problem + "; " + repair;
  }
}
