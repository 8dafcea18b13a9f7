package org.voxbench.workflows.config;

import java.util.ArrayList;
import java.util.List;

/** The keys and list indices that lead from the root of a tree to a value. */
record TreePath(List<String> steps) {

  static final TreePath ROOT = new TreePath(List.of());

  TreePath {
    steps = List.copyOf(steps);
  }

  /** Reads {@code train.network.patch}. */
  static TreePath of(String dotted) {
    return new TreePath(List.of(dotted.split("\\.", -1)));
  }

  TreePath child(String key) {
    List<String> longer = new ArrayList<>(steps);
    longer.add(key);
    return new TreePath(longer);
  }

  TreePath child(int index) {
    return child(Integer.toString(index));
  }

  TreePath append(TreePath rest) {
    List<String> longer = new ArrayList<>(steps);
    longer.addAll(rest.steps);
    return new TreePath(longer);
  }

  boolean isRoot() {
    return steps.isEmpty();
  }

  TreePath parent() {
    return new TreePath(steps.subList(0, steps.size() - 1));
  }

  String last() {
    return steps.get(steps.size() - 1);
  }

  boolean startsWith(TreePath prefix) {
    return steps.size() >= prefix.steps.size()
        && steps.subList(0, prefix.steps.size()).equals(prefix.steps);
  }

  @Override
  public String toString() {
    return String.join(".", steps);
  }
}
