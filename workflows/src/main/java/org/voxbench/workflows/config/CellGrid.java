package org.voxbench.workflows.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Expands the matrix of a sweep into cells. */
final class CellGrid {

  private static final String EXPERIMENT = "experiment";

  private final LocatedTree tree;
  private final Map<String, Path> data;
  private final List<Problem> problems;

  /**
   * @param data folder of real data by name of a choice
   */
  CellGrid(LocatedTree tree, Map<String, Path> data, List<Problem> problems) {
    this.tree = tree;
    this.data = data;
    this.problems = problems;
  }

  /** A cell before its experiment is read: what sets it apart, its file, its settings by path. */
  record Draft(Map<String, String> values, String experiment, Map<String, JsonNode> settings) {}

  /** Names of the axes, the slowest first. */
  List<String> axes() {
    List<String> axes = new ArrayList<>();
    for (JsonNode named : tree.root().path("order")) {
      axes.add(named.asText());
    }
    tree.root()
        .path("matrix")
        .fieldNames()
        .forEachRemaining(
            axis -> {
              if (!axes.contains(axis)) {
                axes.add(axis);
              }
            });
    return axes;
  }

  /** All cells; problems are reported and nothing is expanded when there are any. */
  List<Draft> drafts() {
    int before = problems.size();
    JsonNode matrix = tree.root().path("matrix");
    checkOrder(matrix);
    checkData(matrix);
    BigInteger count = BigInteger.ONE;
    for (String axis : axes()) {
      JsonNode choices = matrix.path(axis);
      if (!(choices.isArray() || choices.isObject()) || choices.isEmpty()) {
        report(matrixPath(axis), "a list of values, or a mapping of named choices", "");
      }
      count = count.multiply(BigInteger.valueOf(Math.max(1, choices.size())));
    }
    count = count.add(BigInteger.valueOf(tree.root().path("include").size()));
    if (count.compareTo(BigInteger.valueOf(Sweep.MOST_CELLS)) > 0) {
      problems.add(
          new Problem(
              tree.valueAt(TreePath.of("matrix")),
              "matrix",
              "at most " + Sweep.MOST_CELLS + " cells",
              count + " cells",
              "take values out of the longest axis, or make several sweeps"));
    }
    return problems.size() > before ? List.of() : expanded();
  }

  private static TreePath matrixPath(String axis) {
    return TreePath.of("matrix").child(axis);
  }

  private void checkOrder(JsonNode matrix) {
    for (int i = 0; i < tree.root().path("order").size(); i++) {
      TreePath path = TreePath.of("order").child(i);
      if (!matrix.has(tree.at(path).asText())) {
        List<String> known = new ArrayList<>();
        matrix.fieldNames().forEachRemaining(known::add);
        report(path, "an axis of the matrix: one of " + known, "");
      }
    }
  }

  private void checkData(JsonNode matrix) {
    TreeSet<String> known = new TreeSet<>();
    matrix.forEach(
        axis ->
            axis.properties()
                .forEach(
                    choice -> {
                      if (choice.getValue().has("data")) {
                        known.add(choice.getKey());
                      }
                    }));
    for (String name : data.keySet()) {
      if (!known.contains(name)) {
        Location location = new Location("--data " + name, 1, 1);
        String expected = "the name of a choice that takes data: one of " + known;
        problems.add(new Problem(location, "", expected, name, ""));
      }
    }
  }

  private List<Draft> expanded() {
    List<Draft> drafts = new ArrayList<>();
    drafts.add(new Draft(Map.of(), text("experiment"), settings(tree.root().path("set"))));
    for (String axis : axes()) {
      List<Draft> longer = new ArrayList<>();
      for (Draft draft : drafts) {
        longer.addAll(along(axis, draft));
      }
      drafts = longer;
    }
    drafts.removeIf(this::excluded);
    if (tree.root().path("matrix").isEmpty() && tree.root().has("include")) {
      drafts.clear();
    }
    for (JsonNode include : tree.root().path("include")) {
      drafts.add(included(include));
    }
    for (Draft draft : drafts) {
      if (draft.experiment().isEmpty()) {
        problems.add(
            new Problem(
                tree.valueAt(TreePath.ROOT),
                EXPERIMENT,
                "the file of an experiment, here or on an axis",
                "none",
                "write for example experiment: ../experiments/quickstart.yaml"));
        break;
      }
    }
    if (drafts.isEmpty()) {
      report(TreePath.of("exclude"), "to leave a cell", "every cell is excluded");
    }
    return drafts;
  }

  private String text(String key) {
    return tree.root().path(key).asText("");
  }

  private static Map<String, JsonNode> settings(JsonNode mapping) {
    Map<String, JsonNode> settings = new LinkedHashMap<>();
    mapping.properties().forEach(e -> settings.put(e.getKey(), e.getValue()));
    return settings;
  }

  private List<Draft> along(String axis, Draft draft) {
    JsonNode choices = tree.root().path("matrix").path(axis);
    List<Draft> longer = new ArrayList<>();
    if (choices.isArray()) {
      choices.forEach(value -> longer.add(with(draft, axis, word(value), axis, value)));
    } else {
      choices.properties().forEach(e -> longer.add(chosen(draft, axis, e.getKey(), e.getValue())));
    }
    return longer;
  }

  private static String word(JsonNode value) {
    return value.isTextual() ? value.textValue() : value.toString();
  }

  private static Draft with(Draft draft, String axis, String word, String path, JsonNode value) {
    Map<String, String> values = new LinkedHashMap<>(draft.values());
    values.put(axis, word);
    Map<String, JsonNode> settings = new LinkedHashMap<>(draft.settings());
    if (path.equals(EXPERIMENT)) {
      return new Draft(values, value.asText(), settings);
    }
    settings.put(path, value);
    return new Draft(values, draft.experiment(), settings);
  }

  /** A named choice; its data variant where data is given. */
  private Draft chosen(Draft draft, String axis, String name, JsonNode choice) {
    @Nullable Path folder = data.get(name);
    JsonNode variant = folder == null ? choice : choice.path("data");
    Map<String, String> values = new LinkedHashMap<>(draft.values());
    values.put(axis, name);
    Map<String, JsonNode> settings = new LinkedHashMap<>(draft.settings());
    settings.putAll(settings(variant.path("set")));
    if (folder != null) {
      settings.put(
          "dataset.source",
          JsonNodeFactory.instance
              .objectNode()
              .put("kind", "folder")
              .put("path", folder.toAbsolutePath().normalize().toString()));
    }
    return new Draft(values, variant.path(EXPERIMENT).asText(draft.experiment()), settings);
  }

  private Draft included(JsonNode include) {
    Draft draft = new Draft(Map.of(), text("experiment"), settings(tree.root().path("set")));
    for (Map.Entry<String, JsonNode> entry : include.properties()) {
      JsonNode choice =
          tree.root().path("matrix").path(entry.getKey()).path(word(entry.getValue()));
      draft =
          choice.isObject()
              ? chosen(draft, entry.getKey(), word(entry.getValue()), choice)
              : with(
                  draft, entry.getKey(), word(entry.getValue()), entry.getKey(), entry.getValue());
    }
    return draft;
  }

  private boolean excluded(Draft draft) {
    for (JsonNode exclude : tree.root().path("exclude")) {
      boolean all = !exclude.isEmpty();
      for (Map.Entry<String, JsonNode> entry : exclude.properties()) {
        JsonNode word = TextNode.valueOf(word(entry.getValue()));
        all &= word.textValue().equals(draft.values().get(entry.getKey()));
      }
      if (all) {
        return true;
      }
    }
    return false;
  }

  private void report(TreePath path, String expected, String found) {
    String shown = found.isEmpty() ? Wording.found(tree.at(path), tree.writtenAt(path)) : found;
    problems.add(new Problem(tree.valueAt(path), path.toString(), expected, shown, ""));
  }
}
