package org.voxbench.workflows.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The lists of a split as files hold them: {@code {validation: [...], training: [...]}} with ids or
 * with entries {@code {image: path}} as MONAI's, or a list of folds {@code {train: [...], val:
 * [...]}} as nnU-Net's {@code splits_final.json}.
 */
final class SplitFile {

  private static final TreePath SPLIT = TreePath.of("dataset.split");
  static final TreePath FILE = SPLIT.child("file");

  private final LocatedTree tree;
  private final List<Problem> problems;

  SplitFile(LocatedTree tree, List<Problem> problems) {
    this.tree = tree;
    this.problems = problems;
  }

  /** Whether the split's lists stand in a file. */
  boolean isNamed() {
    return tree.at(SPLIT.child("kind")).asText().equals("file") && tree.at(FILE).isTextual();
  }

  /** Writes the lists out, as a listed split. */
  void writeOut(LocatedTree read) {
    Optional<JsonNode> fold = fold(read);
    if (fold.isEmpty()) {
      return;
    }
    ArrayNode validation = ids(fold.get(), "validation", "val");
    ArrayNode training = ids(fold.get(), "training", "train");
    if (validation.isEmpty()) {
      String expected = "a file with a list of validation cases";
      problem(FILE, expected, "none in " + tree.at(FILE).asText(), "");
      return;
    }
    ObjectNode listed = JsonNodeFactory.instance.objectNode().put("kind", "listed");
    listed.set("validation", validation);
    listed.set("training", training);
    Location here = read.valueAt(TreePath.ROOT);
    tree.put(SPLIT, new LocatedTree(listed, Map.of(TreePath.ROOT, new Origin(here, here, ""))));
  }

  private Optional<JsonNode> fold(LocatedTree read) {
    JsonNode root = read.root();
    if (root.isObject()) {
      return Optional.of(root);
    }
    int fold = tree.at(SPLIT.child("fold")).asInt(0);
    if (fold < 0 || fold >= root.size()) {
      TreePath path = SPLIT.child("fold");
      problem(path, "a fold from 0 to " + (root.size() - 1), Integer.toString(fold), "");
      return Optional.empty();
    }
    return Optional.of(root.get(fold));
  }

  private static ArrayNode ids(JsonNode fold, String name, String other) {
    ArrayNode ids = JsonNodeFactory.instance.arrayNode();
    JsonNode list = fold.has(name) ? fold.path(name) : fold.path(other);
    list.forEach(
        item -> ids.add(item.isObject() ? stem(item.path("image").asText()) : item.asText()));
    return ids;
  }

  private static String stem(String image) {
    return image.substring(image.lastIndexOf('/') + 1).replaceFirst("\\.nii(\\.gz)?$", "");
  }

  private void problem(TreePath path, String expected, String found, String remedy) {
    problems.add(new Problem(tree.valueAt(path), path.toString(), expected, found, remedy));
  }
}
