package org.voxbench.workflows.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Puts the values of environment variables in the place of <code>${env:NAME}</code>. Where that is
 * the whole value, what the variable holds is read as YAML, so that it can be a number; <code>
 * ${env:NAME:-other}</code> gives {@code other} where the variable is not set or empty.
 */
final class Environment {

  private static final Pattern VARIABLE =
      Pattern.compile("\\$\\{env:([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?}");
  private static final Pattern ATTEMPT = Pattern.compile("\\$\\{[^}]*}?");

  private final UnaryOperator<@Nullable String> variables;
  private final List<Problem> problems;

  Environment(UnaryOperator<@Nullable String> variables, List<Problem> problems) {
    this.variables = variables;
    this.problems = problems;
  }

  /** Replaces all of them in a tree. */
  void resolve(LocatedTree tree) {
    List<TreePath> texts = new ArrayList<>();
    collect(tree.root(), TreePath.ROOT, texts);
    for (TreePath path : texts) {
      String text = tree.at(path).textValue();
      resolved(tree, path, text).ifPresent(value -> tree.replace(path, value));
    }
  }

  private static void collect(JsonNode node, TreePath path, List<TreePath> texts) {
    if (node.isTextual() && node.textValue().contains("${")) {
      texts.add(path);
    }
    node.properties().forEach(e -> collect(e.getValue(), path.child(e.getKey()), texts));
    if (node.isArray()) {
      for (int i = 0; i < node.size(); i++) {
        collect(node.path(i), path.child(i), texts);
      }
    }
  }

  private Optional<JsonNode> resolved(LocatedTree tree, TreePath path, String text) {
    StringBuilder result = new StringBuilder();
    Matcher attempts = ATTEMPT.matcher(text);
    int from = 0;
    while (attempts.find()) {
      Matcher variable = VARIABLE.matcher(attempts.group());
      if (!variable.matches()) {
        report(tree, path, "${env:NAME} or ${env:NAME:-other}", attempts.group(), "");
        return Optional.empty();
      }
      @Nullable String value = variables.apply(variable.group(1));
      if (value == null || value.isEmpty()) {
        value = variable.group(2);
      }
      if (value == null) {
        String name = variable.group(1);
        report(
            tree,
            path,
            "the environment variable " + name + " to be set",
            "none",
            "export " + name + "=..., or write ${env:" + name + ":-other}");
        return Optional.empty();
      }
      result.append(text, from, attempts.start()).append(value);
      from = attempts.end();
    }
    result.append(text.substring(from));
    boolean whole = VARIABLE.matcher(text).matches();
    return Optional.of(whole ? typed(result.toString()) : TextNode.valueOf(result.toString()));
  }

  private static JsonNode typed(String text) {
    return YamlReader.read("environment", text, new ArrayList<>())
        .map(LocatedTree::root)
        .filter(JsonNode::isValueNode)
        .orElse(TextNode.valueOf(text));
  }

  private void report(
      LocatedTree tree, TreePath path, String expected, String found, String remedy) {
    problems.add(new Problem(tree.valueAt(path), path.toString(), expected, found, remedy));
  }
}
