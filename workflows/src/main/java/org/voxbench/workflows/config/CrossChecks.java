package org.voxbench.workflows.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Checks of one setting against another, which a schema cannot express. */
final class CrossChecks {

  private static final TreePath DATASET = TreePath.of("dataset");

  /** The schema's limit: compiling a pattern recurses as deep as its brackets nest. */
  private static final int LONGEST_PATTERN = 200;

  private final LocatedTree tree;
  private final List<Problem> problems = new ArrayList<>();

  private CrossChecks(LocatedTree tree) {
    this.tree = tree;
  }

  /** Settings of the wrong type are passed over: the schema's check has reported them. */
  static List<Problem> problems(LocatedTree tree) {
    CrossChecks checks = new CrossChecks(tree);
    checks.labelNames();
    checks.labelsExist(DATASET.child("published"));
    for (Map.Entry<String, JsonNode> region : tree.at(DATASET.child("regions")).properties()) {
      checks.regionName(DATASET.child("regions").child(region.getKey()));
      checks.labelsExist(DATASET.child("regions").child(region.getKey()));
    }
    checks.splitIds();
    checks.patient();
    checks.pauses();
    return checks.problems;
  }

  private void labelNames() {
    TreePath labels = DATASET.child("labels");
    Map<String, String> seen = new HashMap<>();
    for (Map.Entry<String, JsonNode> label : tree.at(labels).properties()) {
      String earlier = seen.putIfAbsent(label.getValue().asText(), label.getKey());
      if (earlier != null) {
        String found = label.getValue().asText() + ", the name of label " + earlier;
        problem(labels.child(label.getKey()), "a name of its own", found, "");
      }
    }
  }

  private void labelsExist(TreePath list) {
    List<String> labels = keys(DATASET.child("labels"));
    List<String> regions = keys(DATASET.child("regions"));
    int index = 0;
    for (JsonNode item : tree.at(list)) {
      TreePath here = list.child(index++);
      if (item.isIntegralNumber() && !labels.isEmpty() && !labels.contains(item.asText())) {
        String expected = "a label of dataset.labels (" + String.join(", ", labels) + ")";
        problem(here, expected, item.asText(), "");
      }
      if (item.isTextual() && !regions.contains(item.asText())) {
        String remedy =
            Nearest.to(item.asText(), regions).map(name -> "did you mean " + name + "?").orElse("");
        problem(here, "a label's number or a region of dataset.regions", item.asText(), remedy);
      }
    }
  }

  private List<String> keys(TreePath mapping) {
    List<String> keys = new ArrayList<>();
    tree.at(mapping).fieldNames().forEachRemaining(keys::add);
    return keys;
  }

  private void regionName(TreePath region) {
    for (Map.Entry<String, JsonNode> label : tree.at(DATASET.child("labels")).properties()) {
      if (label.getValue().asText().equals(region.last())) {
        String found = region.last() + ", the name of label " + label.getKey();
        Problem problem =
            new Problem(
                tree.keyAt(region),
                region.toString(),
                "a name that no label has",
                found,
                "rename the region");
        problems.add(problem);
      }
    }
  }

  private void splitIds() {
    Map<String, TreePath> seen = new HashMap<>();
    for (String side : List.of("validation", "training")) {
      TreePath list = DATASET.child("split").child(side);
      int index = 0;
      for (JsonNode id : tree.at(list)) {
        TreePath here = list.child(index++);
        TreePath earlier = seen.putIfAbsent(id.asText(), here);
        if (earlier != null) {
          boolean both = !earlier.parent().equals(list);
          String remedy = both ? "to train and validate on the same cases write {kind: same}" : "";
          String found = id.asText() + ", which " + earlier.parent() + " has already";
          problem(here, "each case once", found, remedy);
        }
      }
    }
  }

  private void patient() {
    TreePath path = DATASET.child("patient");
    if (tree.at(path).asText().length() > LONGEST_PATTERN) {
      return;
    }
    try {
      Pattern.compile(tree.at(path).asText());
    } catch (PatternSyntaxException e) {
      String found = Wording.shortened(e.getPattern()) + ": " + e.getDescription();
      problem(path, "a regular expression such as ^(patient[0-9]+)_", found, "");
    }
  }

  private void pauses() {
    TreePath longest = TreePath.of("retries.longestPauseSeconds");
    double first = tree.at(TreePath.of("retries.pauseSeconds")).asDouble();
    if (tree.at(longest).isNumber() && tree.at(longest).asDouble() < first) {
      String found = tree.at(longest).asText();
      problem(longest, "at least the first pause, " + first + " s", found, "");
    }
  }

  private void problem(TreePath path, String expected, String found, String remedy) {
    problems.add(new Problem(tree.valueAt(path), path.toString(), expected, found, remedy));
  }
}
