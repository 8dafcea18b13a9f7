package org.voxbench.workflows.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The {@code --set path=value} of a command line. */
final class Overrides {

  private final Schema schema;
  private final List<Problem> problems;

  Overrides(Schema schema, List<Problem> problems) {
    this.schema = schema;
    this.problems = problems;
  }

  /** One override, read. */
  record Setting(TreePath path, LocatedTree value) {}

  /** Reads all of them; what cannot be read is reported and left out. */
  List<Setting> read(List<String> texts) {
    List<Setting> read = new ArrayList<>();
    for (String text : texts) {
      String source = Location.OVERRIDE + Wording.shortened(text);
      Location start = new Location(source, 1, 1);
      int equals = text.indexOf('=');
      if (equals < 1) {
        String remedy = "write for example --set train.epochs=10";
        String found = text.isEmpty() ? "nothing" : Wording.shortened(text);
        problems.add(new Problem(start, "", "path=value", found, remedy));
        continue;
      }
      String path = text.substring(0, equals);
      if (path.length() > Nearest.LONGEST) {
        String shown = Wording.shortened(path);
        problems.add(
            new Problem(start, shown, "a setting of the experiment", "an unknown path", ""));
        continue;
      }
      String value = text.substring(equals + 1);
      List<Problem> wrong = new ArrayList<>();
      Optional<LocatedTree> tree = YamlReader.read(source, value, wrong);
      if (tree.isEmpty() && wrong.isEmpty()) {
        wrong.add(new Problem(start, path, "a value after the =", "nothing", ""));
      }
      wrong.forEach(problem -> problems.add(below(path, problem)));
      if (wrong.isEmpty() && tree.isPresent()) {
        read.add(new Setting(TreePath.of(path), tree.get()));
      }
    }
    return read;
  }

  private static Problem below(String path, Problem problem) {
    boolean full = problem.path().equals(path);
    String whole = full || problem.path().isEmpty() ? path : path + "." + problem.path();
    return new Problem(
        problem.location(), whole, problem.expected(), problem.found(), problem.remedy());
  }

  /** Puts those whose paths the schema knows into a tree, in their order. */
  void apply(List<Setting> settings, LocatedTree tree) {
    // What is known depends on the choices made, wherever in the order they are made.
    LocatedTree outcome = new LocatedTree(tree.root().deepCopy(), Map.of());
    settings.forEach(setting -> outcome.put(setting.path(), setting.value()));
    if (outcome.root() instanceof ObjectNode mapping) {
      schema.fillIn(mapping);
    }
    for (Setting setting : settings) {
      if (schema.at(setting.path(), outcome.root()).isMissingNode()) {
        String remedy = nearest(setting.path(), outcome.root());
        report(setting, "a setting of the experiment", "an unknown path", remedy);
        continue;
      }
      TreePath obstacle = tree.put(setting.path(), setting.value());
      if (obstacle != null) {
        String found = Wording.found(tree.at(obstacle), tree.writtenAt(obstacle));
        String expected = "a mapping, or a list that long, at " + obstacle;
        report(setting, expected, found, "set " + obstacle + " as a whole");
      }
    }
  }

  private void report(Setting setting, String expected, String found, String remedy) {
    Location location = setting.value().valueAt(TreePath.ROOT);
    problems.add(new Problem(location, setting.path().toString(), expected, found, remedy));
  }

  private String nearest(TreePath path, JsonNode tree) {
    List<TreePath> all = schema.paths(tree);
    List<String> names = all.stream().map(TreePath::toString).collect(Collectors.toList());
    return Nearest.to(path.toString(), names)
        .or(
            () ->
                all.stream()
                    .filter(known -> Nearest.edits(known.last(), path.last()) <= 1)
                    .map(TreePath::toString)
                    .findFirst())
        .map(name -> "did you mean " + name + "?")
        .orElse(
            "known at the top: "
                + String.join(", ", Schema.properties(schema.root(), tree).keySet()));
  }
}
