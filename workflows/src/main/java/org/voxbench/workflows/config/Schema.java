package org.voxbench.workflows.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The schema of experiments with all references written out. Answers which settings exist, given
 * the choices ({@code kind}) that a tree has made; the checks themselves are the validator's.
 *
 * <p>A choice is written as {@code allOf: [{if: {properties: {kind: {const: x}}}, then: {...}}]}.
 */
final class Schema {

  private static final JsonMapper JSON = new JsonMapper();

  private final JsonNode root;

  private Schema(JsonNode root) {
    this.root = root;
  }

  /** Reads the schema from the class path. */
  static Schema experiment() {
    String file = "experiment.schema.json";
    return new Schema(inlined(load(file), file));
  }

  /** That of sweeps. */
  static Schema sweep() {
    return new Schema(load("sweep.schema.json"));
  }

  JsonNode root() {
    return root;
  }

  private static JsonNode load(String file) {
    try (InputStream in = Schema.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException("the schema " + file + " is missing from the class path");
      }
      return JSON.readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Replaces each {@code $ref}; words beside it win. The schemas refer to no part of themselves.
   */
  private static JsonNode inlined(JsonNode node, String file) {
    if (node.isArray()) {
      ArrayNode items = JSON.createArrayNode();
      node.forEach(item -> items.add(inlined(item, file)));
      return items;
    }
    if (!node.isObject()) {
      return node;
    }
    ObjectNode written = JSON.createObjectNode();
    if (node.path("$ref").isTextual()) {
      String[] reference = node.path("$ref").textValue().split("#", 2);
      String target = reference[0].isEmpty() ? file : reference[0];
      written.setAll((ObjectNode) inlined(load(target).at(reference[1]), target));
    }
    node.properties()
        .forEach(
            entry -> {
              if (!entry.getKey().equals("$ref") && !entry.getKey().equals("$defs")) {
                written.set(entry.getKey(), inlined(entry.getValue(), file));
              }
            });
    return written;
  }

  /**
   * The schema of a setting.
   *
   * @return missing when the path leads nowhere; an empty object where anything may stand
   */
  JsonNode at(TreePath path, JsonNode tree) {
    JsonNode schema = root;
    JsonNode value = tree;
    for (String step : path.steps()) {
      schema = child(schema, value, step);
      value = LocatedTree.step(value, step);
    }
    return schema;
  }

  private static JsonNode child(JsonNode schema, JsonNode value, String step) {
    if (schema.isMissingNode()) {
      return schema;
    }
    for (JsonNode choice : schema.path("anyOf")) {
      if (choice.has("items") && value.isArray()) {
        return child(choice, value, step);
      }
    }
    if (schema.has("items")) {
      return LocatedTree.isIndex(step) ? schema.path("items") : MissingNode.getInstance();
    }
    JsonNode known = properties(schema, value).get(step);
    if (known != null) {
      return known;
    }
    if (schema.path("additionalProperties").isObject()) {
      return schema.path("additionalProperties");
    }
    boolean open = schema.isEmpty() || schema.path("type").asText().equals("object");
    boolean closed =
        parts(schema, value).stream()
            .anyMatch(
                part ->
                    part.path("additionalProperties").isBoolean()
                        && !part.path("additionalProperties").asBoolean());
    return open && !closed ? JSON.createObjectNode() : MissingNode.getInstance();
  }

  /** The settings of a mapping, in the order of the schema, those of its choice included. */
  static Map<String, JsonNode> properties(JsonNode schema, JsonNode value) {
    Map<String, JsonNode> known = new LinkedHashMap<>();
    for (JsonNode part : parts(schema, value)) {
      part.path("properties")
          .properties()
          .forEach(entry -> known.putIfAbsent(entry.getKey(), entry.getValue()));
    }
    return known;
  }

  /** The schema and those of its conditional parts that apply to a value. */
  static List<JsonNode> parts(JsonNode schema, JsonNode value) {
    List<JsonNode> parts = new ArrayList<>();
    parts.add(schema);
    for (JsonNode conditional : schema.path("allOf")) {
      if (applies(conditional.path("if").path("properties"), value)) {
        parts.add(conditional.path("then"));
      }
    }
    return parts;
  }

  private static boolean applies(JsonNode conditions, JsonNode value) {
    return !conditions.isEmpty()
        && conditions.properties().stream()
            .allMatch(
                condition ->
                    condition.getValue().path("const").equals(value.path(condition.getKey())));
  }

  /** Puts the schema's defaults into a tree, wherever nobody gave a value. */
  void fillIn(ObjectNode tree) {
    fillIn(root, tree);
  }

  private static void fillIn(JsonNode schema, ObjectNode value) {
    // Twice: the first round may settle the choice on which further settings depend.
    for (int round = 0; round < 2; round++) {
      properties(schema, value)
          .forEach(
              (key, setting) -> {
                if (!value.has(key) && setting.has("default")) {
                  value.set(key, setting.path("default").deepCopy());
                }
              });
    }
    properties(schema, value)
        .forEach(
            (key, setting) -> {
              if (value.path(key) instanceof ObjectNode below) {
                fillIn(setting, below);
              }
            });
  }

  /** Every setting that a tree with these choices may have. */
  List<TreePath> paths(JsonNode tree) {
    List<TreePath> found = new ArrayList<>();
    collect(root, tree, TreePath.ROOT, found);
    return found;
  }

  private static void collect(JsonNode schema, JsonNode value, TreePath at, List<TreePath> found) {
    properties(schema, value)
        .forEach(
            (key, setting) -> {
              found.add(at.child(key));
              collect(setting, value.path(key), at.child(key), found);
            });
  }
}
