package org.voxbench.workflows.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A JSON tree that knows where each of its values was written. Changed while a file is read. */
final class LocatedTree {

  private final JsonNode root;
  private final Map<TreePath, Origin> origins;

  LocatedTree(JsonNode root, Map<TreePath, Origin> origins) {
    this.root = root;
    this.origins = new HashMap<>(origins);
  }

  JsonNode root() {
    return root;
  }

  /** The value at a path; {@link MissingNode} where there is none. */
  JsonNode at(TreePath path) {
    JsonNode node = root;
    for (String step : path.steps()) {
      node = step(node, step);
    }
    return node;
  }

  static JsonNode step(JsonNode node, String step) {
    return node.isArray() && isIndex(step) ? node.path(Integer.parseInt(step)) : node.path(step);
  }

  static boolean isIndex(String step) {
    return step.matches("[0-9]{1,6}");
  }

  /** Where a value stands; for one that nobody wrote, where the mapping around it stands. */
  Location valueAt(TreePath path) {
    return origin(path).value();
  }

  /** Where the key of a value stands. */
  Location keyAt(TreePath path) {
    return origin(path).key();
  }

  /** A value as its writer typed it; empty when nobody wrote it as one word. */
  String writtenAt(TreePath path) {
    Origin origin = origins.get(path);
    return origin == null ? "" : origin.written();
  }

  private Origin origin(TreePath path) {
    Origin origin = origins.get(path);
    if (origin != null) {
      return origin;
    }
    if (path.isRoot()) {
      throw new IllegalStateException("the root of a tree has no location");
    }
    return origin(path.parent());
  }

  /**
   * Puts a tree at a path in place of what is there. Mappings on the way that do not exist are
   * made.
   *
   * @return the path of the value that stands in the way, or null when all went well
   */
  @Nullable TreePath put(TreePath path, LocatedTree value) {
    JsonNode node = root;
    TreePath here = TreePath.ROOT;
    for (String step : path.parent().steps()) {
      if (node instanceof ObjectNode mapping && !mapping.has(step)) {
        mapping.putObject(step);
        origins.put(here.child(step), value.origin(TreePath.ROOT));
      }
      JsonNode next = step(node, step);
      if (next.isMissingNode()) {
        return here;
      }
      here = here.child(step);
      node = next;
    }
    if (!set(node, path.last(), value.root.deepCopy())) {
      return here;
    }
    origins.keySet().removeIf(known -> known.startsWith(path));
    value.origins.forEach((below, origin) -> origins.put(path.append(below), origin));
    return null;
  }

  private static boolean set(JsonNode parent, String step, JsonNode value) {
    if (parent instanceof ObjectNode mapping) {
      mapping.set(step, value);
      return true;
    }
    if (parent instanceof ArrayNode list && isIndex(step) && Integer.parseInt(step) < list.size()) {
      list.set(Integer.parseInt(step), value);
      return true;
    }
    return false;
  }

  /** Puts a value in the place of another; where it stands does not change. */
  void replace(TreePath path, JsonNode value) {
    if (!path.isRoot()) {
      boolean unused = set(at(path.parent()), path.last(), value);
    }
  }

  /** Takes the location of the whole from another tree. */
  void rootFrom(LocatedTree other) {
    origins.put(TreePath.ROOT, other.origin(TreePath.ROOT));
  }

  /** The part of this tree below a path. */
  LocatedTree part(TreePath path) {
    Map<TreePath, Origin> below = new HashMap<>();
    int depth = path.steps().size();
    origins.forEach(
        (known, origin) -> {
          if (known.startsWith(path)) {
            below.put(new TreePath(known.steps().subList(depth, known.steps().size())), origin);
          }
        });
    below.putIfAbsent(TreePath.ROOT, origin(path));
    return new LocatedTree(at(path), below);
  }
}
