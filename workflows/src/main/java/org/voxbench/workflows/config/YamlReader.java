package org.voxbench.workflows.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.composer.Composer;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.StreamReader;

/**
 * Reads one YAML text into a tree with locations. Only plain data is taken: text, numbers, true and
 * false, lists and mappings with text keys. Aliases are expanded within a budget, so that a small
 * file cannot become a large tree.
 */
final class YamlReader {

  /** Ten times the largest file in the field; a bomb of aliases reaches it at once. */
  static final int MOST_VALUES = 20_000;

  static final int MOST_LEVELS = 40;

  /** All text together; an alias of a long text costs nothing until somebody prints it. */
  private static final int MOST_CHARACTERS = 2 << 20;

  /** Whole numbers beyond this are no longer exact as JSON numbers in other tools. */
  private static final double EXACT = 0x1p53;

  private final String source;
  private final List<Problem> problems;
  private final Map<TreePath, Origin> origins = new HashMap<>();
  private int values;
  private int characters;
  private boolean exhausted;

  private YamlReader(String source, List<Problem> problems) {
    this.source = source;
    this.problems = problems;
  }

  /**
   * Reads a text.
   *
   * @param problems receives what is wrong; values at fault are left out of the tree
   * @return empty when the text is no YAML or holds nothing
   */
  static Optional<LocatedTree> read(String source, String text, List<Problem> problems) {
    LoaderOptions options = new LoaderOptions();
    options.setMaxAliasesForCollections(Integer.MAX_VALUE);
    options.setNestingDepthLimit(10 * MOST_LEVELS);
    Node node;
    try {
      ParserImpl parser = new ParserImpl(new StreamReader(text), options);
      node = new Composer(parser, new CoreResolver(), options).getSingleNode();
    } catch (YAMLException failure) {
      problems.addAll(SyntaxProblem.of(source, text, failure));
      return Optional.empty();
    }
    if (node == null) {
      return Optional.empty();
    }
    YamlReader reader = new YamlReader(source, problems);
    Location start = reader.location(node);
    JsonNode root = reader.convert(node, TreePath.ROOT, start);
    return root.isMissingNode() || reader.exhausted
        ? Optional.empty()
        : Optional.of(new LocatedTree(root, reader.origins));
  }

  /**
   * Reads a text that has to be a mapping.
   *
   * @param what what the text should be, for an empty one
   */
  static Optional<LocatedTree> readMapping(
      String source, String text, String what, List<Problem> problems) {
    return readAny(source, text, what, problems).filter(tree -> isMapping(tree, problems));
  }

  /** Reads a text that must not be empty. */
  static Optional<LocatedTree> readAny(
      String source, String text, String what, List<Problem> problems) {
    int before = problems.size();
    Optional<LocatedTree> tree = read(source, text, problems);
    if (tree.isEmpty() && problems.size() == before) {
      problems.add(new Problem(new Location(source, 1, 1), "", what, "an empty file", ""));
    }
    return tree;
  }

  /** Whether a tree is a mapping; if not, says so. */
  static boolean isMapping(LocatedTree tree, List<Problem> problems) {
    if (!tree.root().isObject()) {
      Location at = tree.valueAt(TreePath.ROOT);
      String found = Wording.found(tree.root(), tree.writtenAt(TreePath.ROOT));
      problems.add(new Problem(at, "", "a mapping of keys", found, "write key: value"));
      return false;
    }
    return true;
  }

  /** A node as JSON; missing when it was refused. */
  private JsonNode convert(Node node, TreePath path, Location key) {
    Location location = location(node);
    if (exhausted) {
      return MissingNode.getInstance();
    }
    String written = node instanceof ScalarNode scalar ? scalar.getValue() : "";
    values++;
    characters += written.length();
    int levels = path.steps().size();
    if (values > MOST_VALUES || levels > MOST_LEVELS || characters > MOST_CHARACTERS) {
      exhausted = true;
      String most =
          "at most " + MOST_VALUES + " values, " + MOST_LEVELS + " levels and 2 MiB of text";
      problem(location, TreePath.ROOT, most, "more", "write the values out without aliases");
      return MissingNode.getInstance();
    }
    origins.put(path, new Origin(key, location, written));
    if (node instanceof MappingNode mapping && mapping.getTag().equals(Tag.MAP)) {
      return mapping(mapping, path);
    }
    if (node instanceof SequenceNode list && list.getTag().equals(Tag.SEQ)) {
      return list(list, path);
    }
    return node instanceof ScalarNode scalar ? scalar(scalar, path) : refuse(node, path);
  }

  private JsonNode mapping(MappingNode node, TreePath path) {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    Map<String, Location> first = new HashMap<>();
    for (NodeTuple entry : node.getValue()) {
      Location at = location(entry.getKeyNode());
      if (!(entry.getKeyNode() instanceof ScalarNode key) || key.getValue().equals("<<")) {
        problem(at, path, "a word as key", "something else", "write each key and value out");
        continue;
      }
      String name = key.getValue();
      Location earlier = first.putIfAbsent(name, at);
      if (earlier != null) {
        String found = "it again, first at line " + earlier.line();
        problem(at, path.child(name), "each key once", found, "remove one of the two");
        continue;
      }
      JsonNode value = convert(entry.getValueNode(), path.child(name), at);
      if (!value.isMissingNode()) {
        object.set(name, value);
      }
    }
    return object;
  }

  private JsonNode list(SequenceNode node, TreePath path) {
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    for (Node item : node.getValue()) {
      JsonNode value = convert(item, path.child(array.size()), location(item));
      if (!value.isMissingNode()) {
        array.add(value);
      }
    }
    return array;
  }

  private JsonNode scalar(ScalarNode node, TreePath path) {
    String text = node.getValue();
    Tag tag = node.getTag();
    if (tag.equals(Tag.STR)) {
      return TextNode.valueOf(text);
    }
    if (tag.equals(Tag.NULL)) {
      return NullNode.getInstance();
    }
    if (tag.equals(Tag.BOOL) && text.matches("(?i)true|false")) {
      return BooleanNode.valueOf(Boolean.parseBoolean(text));
    }
    try {
      if (tag.equals(Tag.INT)) {
        return LongNode.valueOf(Long.parseLong(text));
      }
      if (tag.equals(Tag.FLOAT) && Double.isFinite(Double.parseDouble(text))) {
        return real(Double.parseDouble(text));
      }
    } catch (NumberFormatException e) {
      // Reported below with the range: the resolver lets only numbers through to here.
    }
    if (tag.equals(Tag.INT) || tag.equals(Tag.FLOAT)) {
      String found = Wording.shortened(text);
      problem(location(node), path, "a finite number within 64 bits", found, "");
      return MissingNode.getInstance();
    }
    return refuse(node, path);
  }

  /** 6.0 and 6 are the same setting, so they are the same node. */
  private static JsonNode real(double value) {
    boolean whole = value == Math.rint(value) && Math.abs(value) <= EXACT;
    return whole ? LongNode.valueOf((long) value) : DoubleNode.valueOf(value);
  }

  private JsonNode refuse(Node node, TreePath path) {
    String found = "the tag " + Wording.shortened(node.getTag().getValue());
    problem(location(node), path, "a plain value", found, "remove the tag");
    return MissingNode.getInstance();
  }

  private void problem(
      Location location, TreePath path, String expected, String found, String remedy) {
    problems.add(new Problem(location, path.toString(), expected, found, remedy));
  }

  private Location location(Node node) {
    return new Location(
        source, node.getStartMark().getLine() + 1, node.getStartMark().getColumn() + 1);
  }
}
