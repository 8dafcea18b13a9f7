package org.voxbench.workflows.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * One setting that two trees do not share.
 *
 * @param path dotted path, such as {@code optimizer.learningRate}; empty when the trees as a whole
 *     differ
 * @param before value in the first tree as canonical JSON, or {@code (absent)}
 * @param after value in the second tree as canonical JSON, or {@code (absent)}
 */
public record Difference(String path, String before, String after) {

  private static final String ABSENT = "(absent)";

  /**
   * Everything in which two trees differ, sorted by path. Mappings are compared key by key, lists
   * as a whole; 1 and 1.0 do not differ.
   */
  public static List<Difference> between(JsonNode before, JsonNode after) {
    List<Difference> found = new ArrayList<>();
    compare("", before, after, found);
    return List.copyOf(found);
  }

  private static void compare(
      String path, JsonNode before, JsonNode after, List<Difference> found) {
    if (before.isObject() && after.isObject()) {
      TreeSet<String> keys = new TreeSet<>();
      before.fieldNames().forEachRemaining(keys::add);
      after.fieldNames().forEachRemaining(keys::add);
      for (String key : keys) {
        compare(path.isEmpty() ? key : path + "." + key, before.path(key), after.path(key), found);
      }
      return;
    }
    String old = text(before);
    String now = text(after);
    if (!old.equals(now)) {
      found.add(new Difference(path, old, now));
    }
  }

  private static String text(JsonNode node) {
    return node instanceof MissingNode ? ABSENT : CanonicalJson.of(node);
  }

  /** {@code optimizer.learningRate 0.01 -> 0.005}. */
  @Override
  public String toString() {
    return (path.isEmpty() ? "" : path + " ") + before + " -> " + after;
  }
}
