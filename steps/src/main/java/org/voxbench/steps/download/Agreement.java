package org.voxbench.steps.download;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.voxbench.steps.PermanentStepException;

/**
 * Compares what the configuration declares with what the data says about itself: swapped label
 * numbers would otherwise train without a complaint and score the wrong organ.
 */
final class Agreement {

  private Agreement() {}

  /**
   * Checks labels by value and name, and the modalities by number and by being CT or not, since
   * normalisation depends on no more.
   *
   * @param where the file that names {@code labels} and {@code modalities}
   */
  static void check(
      Download.Request declared,
      String where,
      List<String> modalities,
      Map<Integer, String> labels) {
    StringBuilder text = new StringBuilder();
    if (!comparable(declared.labels()).equals(comparable(labels))) {
      text.append("\n  labels declared:   ").append(inWords(declared.labels()));
      text.append("\n  labels in the data: ").append(inWords(labels));
    }
    if (!kinds(declared.modalities()).equals(kinds(modalities))) {
      text.append("\n  modalities declared:   ").append(declared.modalities());
      text.append("\n  modalities in the data: ").append(modalities);
    }
    if (text.length() > 0) {
      throw new PermanentStepException(
          "dataset "
              + declared.name()
              + " does not agree with "
              + where
              + text
              + "\n  mend dataset.labels or dataset.modalities of the experiment, or the file");
    }
  }

  private static Map<Integer, String> comparable(Map<Integer, String> labels) {
    Map<Integer, String> comparable = new TreeMap<>();
    labels.forEach(
        (value, name) ->
            comparable.put(value, name.toLowerCase(Locale.ROOT).replaceAll("[ _-]+", " ").strip()));
    return comparable;
  }

  private static List<Boolean> kinds(List<String> modalities) {
    return modalities.stream().map(name -> name.toLowerCase(Locale.ROOT).contains("ct")).toList();
  }

  private static String inWords(Map<Integer, String> labels) {
    return new TreeMap<>(labels)
        .entrySet().stream()
            .map(entry -> entry.getKey() + " " + entry.getValue())
            .collect(Collectors.joining(", "));
  }
}
