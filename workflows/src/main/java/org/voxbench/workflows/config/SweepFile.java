package org.voxbench.workflows.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.voxbench.steps.StepName;
import org.voxbench.workflows.config.CellGrid.Draft;

/** Reads sweeps from YAML and resolves the experiment of every cell. */
public final class SweepFile {

  private final Schema schema = Schema.sweep();
  private final SchemaCheck schemaCheck = new SchemaCheck(schema);
  private final ExperimentFile experiments;
  private final Path workingDirectory = Path.of("").toAbsolutePath();

  /**
   * A reader that also asks the steps' records.
   *
   * @param requests as for {@link ExperimentFile}
   */
  public SweepFile(Map<StepName, Class<?>> requests) {
    this.experiments = new ExperimentFile(requests);
  }

  /**
   * Reads, expands and checks a sweep.
   *
   * @param overrides {@code path=value} for every cell
   * @param data folder of real data by name of a choice
   * @throws ConfigurationException with what is wrong: with the sweep, or with any of its cells
   */
  public Sweep read(Path file, List<String> overrides, Map<String, Path> data) {
    List<Problem> problems = new ArrayList<>();
    Optional<LocatedTree> read = new Inheritance(workingDirectory, "a sweep", problems).read(file);
    if (read.isEmpty()) {
      throw new ConfigurationException(problems);
    }
    LocatedTree tree = read.get();
    schema.fillIn((ObjectNode) tree.root());
    problems.addAll(schemaCheck.problems(tree));
    refuse(problems);
    CellGrid grid = new CellGrid(tree, data, problems);
    List<Draft> drafts = grid.drafts();
    Optional<Sweep.Schedule> schedule = schedule(tree, problems);
    refuse(problems);
    String name = tree.root().path("name").asText();
    List<Sweep.Cell> cells = new ArrayList<>();
    CellProblems wrong = new CellProblems(tree, DatasetBase.shown(file));
    for (Draft draft : drafts) {
      try {
        cells.add(cell(name, file, draft, overrides));
      } catch (ConfigurationException e) {
        wrong.add(draft, label(draft.values()), e.problems());
      }
    }
    wrong.refuse();
    return new Sweep(name, grid.axes(), cells, limits(tree.root()), schedule);
  }

  private Sweep.Cell cell(String name, Path file, Draft draft, List<String> overrides) {
    Path experiment = file.resolveSibling(draft.experiment()).normalize();
    List<String> settings = new ArrayList<>();
    Path folder = workingDirectory.resolve(file).resolveSibling(".").normalize();
    draft
        .settings()
        .forEach((path, value) -> settings.add(path + "=" + written(path, value, folder)));
    settings.addAll(overrides);
    settings.add("name=" + runName(name, draft.values()));
    return new Sweep.Cell(draft.values(), experiment, experiments.read(experiment, settings));
  }

  /** Paths of a sweep are seen from its file. */
  private static String written(String path, JsonNode value, Path folder) {
    boolean isPath = path.equals("dataset.base") || path.equals("dataset.source.path");
    return isPath && value.isTextual()
        ? "\"" + folder.resolve(value.textValue()).normalize() + "\""
        : CanonicalJson.of(value);
  }

  private static String runName(String sweep, Map<String, String> values) {
    Map<String, String> parts = new LinkedHashMap<>(values);
    StringBuilder name = new StringBuilder(sweep);
    parts.forEach(
        (axis, value) ->
            name.append('-')
                .append(
                    value
                        .toLowerCase(java.util.Locale.ROOT)
                        .replaceAll("^.*/|\\.ya?ml$", "")
                        .replaceAll("[^a-z0-9]+", "-")
                        .replaceAll("^-+|-+$", "")));
    return name.substring(0, Math.min(63, name.length())).replaceAll("-+$", "");
  }

  /** Whether a file declares a sweep and not an experiment; false where it cannot be read. */
  public static boolean isSweep(Path file) {
    try {
      JsonNode tree = ExperimentFile.readTree(file);
      return tree.has("matrix") || tree.path("experiment").isTextual() || tree.has("schedule");
    } catch (ConfigurationException e) {
      return false;
    }
  }

  private static String label(Map<String, String> values) {
    List<String> parts = new ArrayList<>();
    values.forEach((axis, value) -> parts.add(axis + "=" + value));
    return String.join(", ", parts);
  }

  private static Sweep.Limits limits(JsonNode root) {
    JsonNode budget = root.path("budget");
    @Nullable Integer cells = budget.has("cells") ? (Integer) budget.get("cells").asInt() : null;
    @Nullable Duration time =
        budget.has("hours")
            ? Duration.ofSeconds(Math.round(budget.get("hours").asDouble() * 3600))
            : null;
    return new Sweep.Limits(
        root.path("concurrency").asInt(), root.path("priority").asInt(), cells, time);
  }

  private static Optional<Sweep.Schedule> schedule(LocatedTree tree, List<Problem> problems) {
    TreePath path = TreePath.of("schedule");
    JsonNode node = tree.at(path);
    if (node.isMissingNode()) {
      return Optional.empty();
    }
    ZoneId zone = ZoneId.of("UTC");
    @Nullable Instant end = null;
    try {
      zone = ZoneId.of(node.path("zone").asText());
    } catch (DateTimeException e) {
      problem(tree, path.child("zone"), "a time zone such as Europe/Berlin", problems);
    }
    try {
      end = node.has("end") ? Instant.parse(node.get("end").asText()) : null;
    } catch (DateTimeException e) {
      problem(tree, path.child("end"), "a moment such as 2027-01-01T00:00:00Z", problems);
    }
    Cron.check(tree, path.child("cron"), problems);
    return Optional.of(
        new Sweep.Schedule(
            node.path("cron").asText(),
            zone,
            node.path("misfire").asText(),
            node.path("overlap").asText(),
            end,
            node.has("webhook") ? node.get("webhook").asText() : null));
  }

  private static void problem(
      LocatedTree tree, TreePath path, String expected, List<Problem> problems) {
    String found = Wording.found(tree.at(path), tree.writtenAt(path));
    problems.add(new Problem(tree.valueAt(path), path.toString(), expected, found, ""));
  }

  private static void refuse(List<Problem> problems) {
    if (!problems.isEmpty()) {
      throw new ConfigurationException(problems);
    }
  }
}
