package org.voxbench.workflows.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads a file and those it extends. What a file says wins over what it extends; of several that it
 * extends the later wins. Mappings are merged key by key, except that one with another {@code kind}
 * replaces the inherited one as a whole; lists and single values are replaced.
 */
final class Inheritance {

  private static final TreePath EXTENDS = TreePath.of("extends");
  private static final List<TreePath> PATHS =
      List.of(
          TreePath.of("dataset.base"),
          TreePath.of("dataset.source.path"),
          TreePath.of("train.network.weights"));

  private final Path workingDirectory;
  private final String what;
  private final List<Problem> problems;

  /**
   * @param what what the files hold, for messages
   */
  Inheritance(Path workingDirectory, String what, List<Problem> problems) {
    this.workingDirectory = workingDirectory;
    this.what = what;
    this.problems = problems;
  }

  /** The file with all that it inherits; empty when one of them cannot be read. */
  Optional<LocatedTree> read(Path file) {
    String source = DatasetBase.shown(file);
    return read(file, new Location(source, 1, 1), "", new ArrayList<>());
  }

  private Optional<LocatedTree> read(
      Path file, Location asked, String setting, List<Path> children) {
    Path real = workingDirectory.resolve(file).toAbsolutePath().normalize();
    if (children.contains(real)) {
      List<Path> cycle = new ArrayList<>(children.subList(children.indexOf(real), children.size()));
      cycle.add(real);
      String found =
          "a cycle: "
              + cycle.stream()
                  .map(path -> String.valueOf(path.getFileName()))
                  .collect(Collectors.joining(" -> "));
      problems.add(
          new Problem(asked, setting, "a file that does not extend itself", found, "break it"));
      return Optional.empty();
    }
    Optional<LocatedTree> read =
        new TextFile(real, file, asked, setting, problems)
            .text()
            .flatMap(text -> YamlReader.readMapping(DatasetBase.shown(file), text, what, problems));
    if (read.isEmpty()) {
      return read;
    }
    LocatedTree tree = read.get();
    new Environment(System::getenv, problems).resolve(tree);
    if (!children.isEmpty()) {
      makeAbsolute(tree, real);
    }
    List<Path> chain = new ArrayList<>(children);
    chain.add(real);
    return inherited(file, tree, chain);
  }

  private Optional<LocatedTree> inherited(Path file, LocatedTree tree, List<Path> chain) {
    JsonNode named = tree.at(EXTENDS);
    if (named.isMissingNode()) {
      return Optional.of(tree);
    }
    List<TreePath> parents = new ArrayList<>();
    if (named.isArray()) {
      for (int i = 0; i < named.size(); i++) {
        parents.add(EXTENDS.child(i));
      }
    } else {
      parents.add(EXTENDS);
    }
    @Nullable LocatedTree merged = null;
    for (TreePath parent : parents) {
      Optional<LocatedTree> read = parent(file, tree, parent, chain);
      if (read.isEmpty()) {
        return Optional.empty();
      }
      if (merged == null) {
        merged = read.get();
      } else {
        overlay(merged, read.get(), TreePath.ROOT);
      }
    }
    ((ObjectNode) tree.root()).remove("extends");
    if (merged == null) {
      return Optional.of(tree);
    }
    overlay(merged, tree, TreePath.ROOT);
    merged.rootFrom(tree);
    return Optional.of(merged);
  }

  private Optional<LocatedTree> parent(Path file, LocatedTree tree, TreePath at, List<Path> chain) {
    JsonNode name = tree.at(at);
    Location asked = tree.valueAt(at);
    try {
      if (name.isTextual()) {
        Path parent = file.resolveSibling(name.textValue()).normalize();
        return read(parent, asked, at.toString(), chain);
      }
    } catch (InvalidPathException e) {
      // Reported below, as every other value that is no path.
    }
    String found = Wording.found(name, tree.writtenAt(at));
    problems.add(new Problem(asked, at.toString(), "the path of a file to extend", found, ""));
    return Optional.empty();
  }

  /** Paths in an inherited file are seen from that file, whoever inherits it. */
  private static void makeAbsolute(LocatedTree tree, Path file) {
    for (TreePath path : PATHS) {
      JsonNode value = tree.at(path);
      if (value.isTextual()) {
        try {
          String absolute = file.resolveSibling(value.textValue()).normalize().toString();
          ((ObjectNode) tree.at(path.parent())).put(path.last(), absolute);
        } catch (InvalidPathException e) {
          // Told where the path is used.
        }
      }
    }
  }

  private static void overlay(LocatedTree below, LocatedTree above, TreePath path) {
    List<String> keys = new ArrayList<>();
    above.at(path).fieldNames().forEachRemaining(keys::add);
    for (String key : keys) {
      TreePath child = path.child(key);
      if (mergeable(below.at(child), above.at(child))) {
        overlay(below, above, child);
      } else {
        below.put(child, above.part(child));
      }
    }
  }

  private static boolean mergeable(JsonNode below, JsonNode above) {
    return below.isObject()
        && above.isObject()
        && (!above.has("kind") || above.get("kind").equals(below.get("kind")));
  }
}
