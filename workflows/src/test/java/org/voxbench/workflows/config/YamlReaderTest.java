package org.voxbench.workflows.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

class YamlReaderTest {

  private static final JsonMapper JSON = new JsonMapper();
  private static Path folder = Path.of("");
  private static ExperimentFile reader = new ExperimentFile(Map.of());

  @BeforeContainer
  static void makeFolder() throws IOException {
    folder = Files.createTempDirectory("voxbench-config");
    reader = new ExperimentFile(Map.of(), new Machine(1, 1L << 30), folder);
  }

  @AfterContainer
  static void removeFolder() throws IOException {
    Files.deleteIfExists(folder.resolve("e.yaml"));
    Files.deleteIfExists(folder);
  }

  @Property(tries = 300)
  void anyTreeSurvivesBlockStyle(@ForAll long seed) {
    Random random = new Random(seed);
    // A key << would be a merge, which is refused on purpose.
    JsonNode tree = withoutMergeKeys(Trees.mapping(random, 4));
    StringBuilder text = new StringBuilder();
    writeBlock(tree, 0, text);
    assertSurvives(tree, text.toString());
  }

  @Property(tries = 300)
  void anyTreeSurvivesAsJson(@ForAll long seed) throws JsonProcessingException {
    Random random = new Random(seed);
    JsonNode tree = withoutMergeKeys(Trees.mapping(random, 4));
    // Two of JSON's plain characters are line ends to YAML.
    String text = JSON.writeValueAsString(tree);
    assertSurvives(tree, text.replace("\u2028", "\\L").replace("\u0085", "\\N"));
  }

  @Property(tries = 300)
  void everyValueKnowsItsLine(@ForAll long seed) {
    Random random = new Random(seed);
    JsonNode tree = withoutMergeKeys(Trees.mapping(random, 3));
    StringBuilder text = new StringBuilder();
    writeBlock(tree, 0, text);
    LocatedTree read = YamlReader.read("f", text.toString(), new ArrayList<>()).orElseThrow();
    int lines = (int) text.chars().filter(c -> c == '\n').count();
    for (Map.Entry<String, JsonNode> entry : tree.properties()) {
      Location key = read.keyAt(TreePath.ROOT.child(entry.getKey()));
      assertThat(key.line()).isBetween(1, lines);
      assertThat(text.toString().split("\n", -1)[key.line() - 1])
          .startsWith(quoted(entry.getKey()) + ":");
    }
  }

  @Property(tries = 400)
  void garbageGivesNothingButAConfigurationException(@ForAll byte[] bytes) throws IOException {
    refusesOrReads(bytes);
  }

  @Property(tries = 600)
  void damagedExperimentsGiveNothingButAConfigurationException(@ForAll long seed)
      throws IOException {
    Random random = new Random(seed);
    byte[] bytes =
        (ConfigFolder.SMALL + "train: {epochs: 3}\n&x resources: {threads: 2}\n")
            .getBytes(StandardCharsets.UTF_8);
    String hard = "\t\n :-[]{}*&!|>'\"%@`#,?<~\\\u0000\u00ff0e9.";
    for (int i = random.nextInt(6); i >= 0; i--) {
      bytes[random.nextInt(bytes.length)] = (byte) hard.charAt(random.nextInt(hard.length()));
    }
    refusesOrReads(bytes);
  }

  private static void refusesOrReads(byte[] bytes) throws IOException {
    Files.write(folder.resolve("e.yaml"), bytes);
    try {
      assertThat(reader.read(Path.of("e.yaml"), List.of()).name()).isNotEmpty();
    } catch (ConfigurationException e) {
      int lines =
          new String(bytes, StandardCharsets.UTF_8).split("\n|\r|\u0085|\u2028|\u2029", -1).length;
      for (Problem problem : e.problems()) {
        assertThat(problem.location().source()).isEqualTo("e.yaml");
        assertThat(problem.location().line()).isBetween(1, lines);
        assertThat(problem.toString()).startsWith("e.yaml:" + problem.location().line() + ":");
        assertThat(problem.toString().chars().anyMatch(Character::isISOControl)).isFalse();
      }
    }
  }

  private static void assertSurvives(JsonNode tree, String text) {
    List<Problem> problems = new ArrayList<>();
    LocatedTree read = YamlReader.read("f", text, problems).orElseThrow();
    assertThat(problems).isEmpty();
    assertThat(CanonicalJson.of(read.root())).isEqualTo(CanonicalJson.of(tree));
  }

  private static JsonNode withoutMergeKeys(JsonNode tree) {
    try {
      return JSON.readTree(JSON.writeValueAsString(tree).replace("\"<<\":", "\"merge\":"));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void writeBlock(JsonNode node, int indent, StringBuilder text) {
    if (node.isEmpty()) {
      text.append(" ".repeat(indent)).append(node).append('\n');
      return;
    }
    if (node.isArray()) {
      for (JsonNode item : node) {
        text.append(" ".repeat(indent)).append('-');
        writeChild(item, indent, text);
      }
      return;
    }
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      text.append(" ".repeat(indent)).append(quoted(entry.getKey())).append(':');
      writeChild(entry.getValue(), indent, text);
    }
  }

  private static void writeChild(JsonNode child, int indent, StringBuilder text) {
    if (child.isContainerNode()) {
      text.append('\n');
      writeBlock(child, indent + 2, text);
    } else {
      text.append(' ').append(child.isTextual() ? quoted(child.textValue()) : child).append('\n');
    }
  }

  private static String quoted(String word) {
    try {
      return JSON.writeValueAsString(word).replace("\u2028", "\\L").replace("\u0085", "\\N");
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
