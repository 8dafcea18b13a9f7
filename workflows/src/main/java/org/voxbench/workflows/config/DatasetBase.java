package org.voxbench.workflows.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Follows the paths that an experiment's {@code dataset} holds, each seen from where it stands. */
final class DatasetBase {

  static final TreePath BASE = TreePath.of("dataset.base");
  private static final TreePath PLAN_FILE = TreePath.of("dataset.plan.file");
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
    read(tree, BASE, "a dataset").filter(this::isMapping).ifPresent(d -> merge(tree, d));
  }

  /** Reads the file that {@code dataset.plan.file} names; it replaces the plan beside it. */
  void readPlan(LocatedTree tree) {
    TreePath plan = PLAN_FILE.parent();
    read(tree, PLAN_FILE, "a plan").filter(this::isMapping).ifPresent(p -> tree.put(plan, p));
  }

  /** Reads the file that {@code dataset.split.file} names and writes its lists out. */
  void readSplit(LocatedTree tree) {
    SplitFile split = new SplitFile(tree, problems);
    if (split.isNamed()) {
      read(tree, SplitFile.FILE, "a split").ifPresent(split::writeOut);
    }
  }

  private boolean isMapping(LocatedTree read) {
    return YamlReader.isMapping(read, problems);
  }

  /** The file that a setting names, seen from where the setting stands. */
  private Optional<LocatedTree> read(LocatedTree tree, TreePath setting, String what) {
    JsonNode named = tree.at(setting);
    if (!named.isTextual()) {
      return Optional.empty();
    }
    Location asked = tree.valueAt(setting);
    boolean typed = asked.source().startsWith(Location.OVERRIDE);
    try {
      Path given = Path.of(named.textValue());
      Path written = asked.source().equals(shown(file)) ? file : Path.of(asked.source());
      Path shown = typed ? given : written.resolveSibling(given).normalize();
      Path real = workingDirectory.resolve(shown);
      folders.put(shown(shown), real.resolveSibling("."));
      return new TextFile(real, shown, asked, setting.toString(), problems)
          .text()
          .flatMap(text -> YamlReader.readAny(shown(shown), text, what, problems));
    } catch (InvalidPathException e) {
      String found = Wording.found(named, "");
      problems.add(
          new Problem(asked, setting.toString(), "the path of " + what + " file", found, ""));
      return Optional.empty();
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
