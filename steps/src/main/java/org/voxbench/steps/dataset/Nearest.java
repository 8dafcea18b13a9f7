package org.voxbench.steps.dataset;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds the legal name a mistyped one most likely stood for. */
final class Nearest {

  private Nearest() {}

  /** {@code "; did you mean 'x'?"}, or the range of legal names when nothing is near. */
  static String hint(String name, Collection<String> legal) {
    if (legal.isEmpty()) {
      return "; there are none";
    }
    Optional<String> nearest = legal.stream().min(Comparator.comparingInt(l -> distance(name, l)));
    if (distance(name, nearest.orElseThrow()) <= Math.max(2, name.length() / 3)) {
      return "; did you mean '" + nearest.orElseThrow() + "'?";
    }
    return "; there are "
        + legal.stream().limit(5).toList()
        + (legal.size() > 5 ? " and " + (legal.size() - 5) + " more" : "");
  }

  /** Levenshtein distance: insertions, deletions and replacements of one character. */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j - 1], row[j]));
      }
    }
    return row[b.length()];
  }
}
