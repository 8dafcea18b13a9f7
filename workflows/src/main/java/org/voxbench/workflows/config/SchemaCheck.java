package org.voxbench.workflows.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonNodePath;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.PathType;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Holds a tree against the schema and says in the user's words what does not fit. */
final class SchemaCheck {

  /** Short keys are a slip away from too many others. */
  private static final int LONG_KEY = 6;

  private static final int FEW = 6;

  private final Schema schema;
  private final JsonSchema validator;

  SchemaCheck(Schema schema) {
    this.schema = schema;
    this.validator =
        JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
            .getSchema(
                schema.root(),
                SchemaValidatorsConfig.builder().pathType(PathType.JSON_POINTER).build());
  }

  /** Everything that does not fit, at most one problem per setting. */
  List<Problem> problems(LocatedTree tree) {
    Map<TreePath, Problem> found = new LinkedHashMap<>();
    for (ValidationMessage message : validator.validate(tree.root())) {
      TreePath at = path(message.getInstanceLocation());
      switch (message.getType()) {
        case "additionalProperties", "propertyNames" ->
            add(found, at.child(message.getProperty()), path -> unknown(tree, path));
        case "required" -> add(found, at.child(message.getProperty()), path -> missing(tree, path));
        default -> add(found, owner(message), path -> unfit(tree, path));
      }
    }
    return List.copyOf(found.values());
  }

  private interface Explanation {
    Problem of(TreePath path);
  }

  private static void add(Map<TreePath, Problem> found, TreePath path, Explanation explanation) {
    if (!found.containsKey(path)) {
      found.put(path, explanation.of(path));
    }
  }

  /** The value that is blamed: a list as a whole where it is one of several alternatives. */
  private static TreePath owner(ValidationMessage message) {
    TreePath at = path(message.getInstanceLocation());
    String evaluated = message.getEvaluationPath().toString();
    int alternative = evaluated.indexOf("/anyOf/");
    boolean inside = alternative >= 0 && evaluated.indexOf("/items/", alternative) >= 0;
    return inside ? at.parent() : at;
  }

  private static TreePath path(JsonNodePath location) {
    TreePath path = TreePath.ROOT;
    for (int i = 0; i < location.getNameCount(); i++) {
      path = path.child(String.valueOf(location.getElement(i)));
    }
    return path;
  }

  private Problem unknown(LocatedTree tree, TreePath path) {
    JsonNode parent = schema.at(path.parent(), tree.root());
    List<String> known = List.copyOf(Schema.properties(parent, tree.at(path.parent())).keySet());
    String found = Wording.shortened(path.last());
    String expected = "a known key";
    JsonNode names = parent.path("propertyNames").path("description");
    if (known.isEmpty() && names.isTextual()) {
      expected = names.textValue();
    }
    return new Problem(
        tree.keyAt(path), path.toString(), expected, found, remedy(tree.root(), path, known));
  }

  private String remedy(JsonNode tree, TreePath path, List<String> known) {
    return Nearest.to(path.last(), known)
        .map(key -> "did you mean " + key + "?")
        .or(
            () ->
                elsewhere(tree, path).map(other -> "did you mean " + other + "?" + keysHere(known)))
        .orElse(known.isEmpty() ? "" : "known keys: " + String.join(", ", known));
  }

  /** Beside a guess about another place: what this place takes, where that is soon said. */
  private static String keysHere(List<String> known) {
    return known.isEmpty() || known.size() > FEW
        ? ""
        : " Known keys here: " + String.join(", ", known);
  }

  /** The same key, or for a long one nearly the same, in another place. */
  private Optional<String> elsewhere(JsonNode tree, TreePath path) {
    if (path.last().length() > Nearest.LONGEST) {
      return Optional.empty();
    }
    int slips = path.last().length() < LONG_KEY ? 0 : 2;
    return schema.paths(tree).stream()
        .filter(other -> Nearest.edits(other.last(), path.last()) <= slips)
        .map(TreePath::toString)
        .findFirst();
  }

  private Problem missing(LocatedTree tree, TreePath path) {
    JsonNode wanted = schema.at(path, tree.root());
    return new Problem(
        tree.keyAt(path),
        path.toString(),
        Wording.expected(wanted),
        "nothing",
        "add the key " + path.last());
  }

  private Problem unfit(LocatedTree tree, TreePath path) {
    JsonNode wanted = schema.at(path, tree.root());
    JsonNode value = tree.at(path);
    String found = Wording.found(value, tree.writtenAt(path));
    return new Problem(
        tree.valueAt(path),
        path.toString(),
        Wording.expected(wanted),
        found,
        hint(wanted, tree, path));
  }

  private static String hint(JsonNode wanted, LocatedTree tree, TreePath path) {
    JsonNode value = tree.at(path);
    String written = tree.writtenAt(path);
    if (value.isNull()) {
      return "give it a value or remove the key";
    }
    if (value.isTextual() && wanted.has("enum")) {
      List<String> choices = new ArrayList<>();
      wanted.path("enum").forEach(choice -> choices.add(choice.asText()));
      return Nearest.to(written, choices).map(word -> "did you mean " + word + "?").orElse("");
    }
    if (value.isValueNode()
        && !value.isTextual()
        && wanted.path("type").asText().equals("string")) {
      return "put it in quotes: \"" + written + "\"";
    }
    return "";
  }
}
