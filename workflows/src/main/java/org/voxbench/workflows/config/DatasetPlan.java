package org.voxbench.workflows.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Lets a dataset's plan answer what an experiment leaves open: first the spacing, normalisation and
 * affine of preprocessing; then network and batch, these only where the experiment chooses no
 * network of its own, since a patch fits one network and one memory.
 */
final class DatasetPlan {

  static final TreePath DATASET = TreePath.of("dataset");
  private static final TreePath PLAN = DATASET.child("plan");
  private static final TreePath NETWORK = TreePath.of("train.network");

  private static final Map<String, TreePath> PREPROCESS =
      Map.of(
          "spacing", TreePath.of("preprocess.spacing"),
          "normalization", TreePath.of("preprocess.normalization"),
          "affine", TreePath.of("preprocess.affine"));
  private static final List<String> NETWORK_KEYS = List.of("variant", "stem", "patch");
  private static final Set<String> KEYS =
      Set.of("spacing", "normalization", "affine", "network", "batch");

  private DatasetPlan() {}

  /** Whether a file holds a plan and nothing else. */
  static boolean isPlan(JsonNode root) {
    boolean plan = !root.isEmpty();
    for (Map.Entry<String, JsonNode> entry : root.properties()) {
      plan &= KEYS.contains(entry.getKey());
    }
    return plan;
  }

  static void apply(LocatedTree tree) {
    PREPROCESS.forEach((key, setting) -> fill(tree, PLAN.child(key), setting));
    boolean chosen = !tree.at(NETWORK.child("widths")).isMissingNode();
    for (String key : NETWORK_KEYS) {
      chosen |= !tree.at(NETWORK.child(key)).isMissingNode();
    }
    if (!chosen) {
      for (String key : NETWORK_KEYS) {
        fill(tree, PLAN.child("network").child(key), NETWORK.child(key));
      }
      fill(tree, PLAN.child("batch"), TreePath.of("train.batch"));
    }
  }

  private static void fill(LocatedTree tree, TreePath planned, TreePath setting) {
    if (!tree.at(planned).isMissingNode() && tree.at(setting).isMissingNode()) {
      tree.put(setting, tree.part(planned));
    }
  }
}
