package org.voxbench.workflows.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Follows the paths that an experiment's {@code dataset} holds, each seen from where it stands. */
final class DatasetBase {

  static final TreePath BASE = TreePath.of("dataset.base");
  private static final TreePath DATASET = TreePath.of("dataset");
  private static final TreePath SOURCE_PATH = TreePath.of("dataset.source.path");
  private static final TreePath WEIGHTS = TreePath.of("train.network.weights");

  private final Path file;
  private final Path workingDirectory;
  private final List<Problem> problems;
  private final Map<String, Path> folders = new HashMap<>();

  /**
   * The paths of one experiment.
   *
   * @param file the experiment's file as the user named it
   */
  DatasetBase(Path file, Path workingDirectory, List<Problem> problems) {
    this.file = file;
    this.workingDirectory = workingDirectory;
    this.problems = problems;
    folders.put(shown(file), workingDirectory.resolve(file).resolveSibling("."));
  }

  static String shown(Path file) {
    return file.toString().isEmpty() ? "." : file.toString();
  }

  /** Reads the file that {@code dataset.base} names and adds what the experiment leaves open. */
  void mergeInto(LocatedTree tree) {
    JsonNode named = tree.at(BASE);
    if (!named.isTextual()) {
      return;
    }
    Location asked = tree.valueAt(BASE);
    boolean typed = asked.source().startsWith(Location.OVERRIDE);
    try {
      Path given = Path.of(named.textValue());
      Path base = typed ? given : file.resolveSibling(given).normalize();
      Path real = workingDirectory.resolve(base);
      folders.put(shown(base), real.resolveSibling("."));
      new TextFile(real, base, asked, BASE.toString(), problems)
          .text()
          .flatMap(text -> YamlReader.readMapping(shown(base), text, "a dataset", problems))
          .ifPresent(dataset -> merge(tree, dataset));
    } catch (InvalidPathException e) {
      String found = Wording.found(named, "");
      problems.add(new Problem(asked, BASE.toString(), "the path of a dataset file", found, ""));
    }
  }

  /** Adds the base's keys that the experiment lacks; a base that was read need not be kept. */
  private static void merge(LocatedTree tree, LocatedTree dataset) {
    ((ObjectNode) tree.at(DATASET)).remove("base");
    dataset
        .root()
        .fieldNames()
        .forEachRemaining(
            key -> {
              if (tree.at(DATASET.child(key)).isMissingNode()) {
                tree.put(DATASET.child(key), dataset.part(TreePath.ROOT.child(key)));
              }
            });
  }

  /** Makes {@code dataset.source.path} and {@code train.network.weights} absolute. */
  void resolvePaths(LocatedTree tree) {
    resolve(SOURCE_PATH, tree);
    resolve(WEIGHTS, tree);
  }

  private void resolve(TreePath key, LocatedTree tree) {
    if (!(tree.at(key) instanceof TextNode path)) {
      return;
    }
    Location location = tree.valueAt(key);
    Path folder = folders.getOrDefault(location.source(), workingDirectory);
    try {
      Path resolved = folder.resolve(path.textValue()).toAbsolutePath().normalize();
      ((ObjectNode) tree.at(key.parent())).put(key.last(), resolved.toString());
    } catch (InvalidPathException e) {
      String found = Wording.found(path, "");
      problems.add(new Problem(location, key.toString(), "a path", found, ""));
    }
  }
}
