package org.voxbench.workflows.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.voxbench.steps.Resources;
import org.voxbench.steps.StepName;

/**
 * Reads experiments from YAML. All that is wrong is told at once.
 *
 * <p>Values are taken, the later winning, from: the schema's defaults, the file that {@code
 * dataset.base} names, the files that the experiment {@code extends}, the experiment's file (a key
 * below {@code dataset} replaces the base's key as a whole), the overrides in their order. A value
 * of an environment variable stands for <code>${env:NAME}</code>.
 */
public final class ExperimentFile {

  private static final String DATASET = "an experiment or a dataset";

  private final Schema schema = Schema.experiment();
  private final SchemaCheck schemaCheck = new SchemaCheck(schema);
  private final RequestCheck requestCheck;
  private final Machine machine;
  private final Path workingDirectory;

  /**
   * A reader that also asks the steps' records.
   *
   * @param requests the request record of each step ({@code Step.requestType()}); steps left out
   *     are checked by the schema alone
   */
  public ExperimentFile(Map<StepName, Class<?>> requests) {
    this(requests, Machine.here(), Path.of("").toAbsolutePath());
  }

  ExperimentFile(Map<StepName, Class<?>> requests, Machine machine, Path workingDirectory) {
    this.requestCheck = new RequestCheck(requests);
    this.machine = machine;
    this.workingDirectory = workingDirectory;
  }

  /**
   * Reads, merges, completes and checks an experiment.
   *
   * @param file the YAML file; relative paths in it are seen from its folder
   * @param overrides {@code path=value} each, the value as YAML, later ones winning; relative paths
   *     in them are seen from the working directory
   * @throws ConfigurationException with everything that is wrong
   */
  public Experiment read(Path file, List<String> overrides) {
    return read(file, overrides, "an experiment");
  }

  /**
   * Reads an experiment, or a dataset's own file as the experiment that leaves all else open.
   *
   * @param overrides as for {@link #read}; a dataset's settings stand below {@code dataset}
   * @throws ConfigurationException with everything that is wrong
   */
  public Experiment readDataset(Path file, List<String> overrides) {
    return read(file, overrides, DATASET);
  }

  private Experiment read(Path file, List<String> overrides, String what) {
    List<Problem> problems = new ArrayList<>();
    Location start = new Location(DatasetBase.shown(file), 1, 1);
    Optional<LocatedTree> read =
        new Inheritance(workingDirectory, what, problems)
            .read(file)
            .map(tree -> what.equals(DATASET) ? asExperiment(tree, start) : tree);
    Overrides settings = new Overrides(schema, problems);
    List<Overrides.Setting> given = settings.read(overrides);
    if (read.isEmpty()) {
      throw new ConfigurationException(problems);
    }
    LocatedTree tree = read.get();
    settings.apply(chosen(given, true), tree);
    DatasetBase base = new DatasetBase(file, workingDirectory, problems);
    base.mergeInto(tree);
    settings.apply(chosen(given, false), tree);
    base.resolvePaths(tree);
    base.readSplit(tree);
    base.readPlan(tree);
    DatasetPlan.apply(tree);
    return checked(tree, problems);
  }

  /** Puts a dataset's file where an experiment has it; an experiment stays as it is. */
  private static LocatedTree asExperiment(LocatedTree read, Location start) {
    if (!read.at(DatasetPlan.DATASET).isMissingNode()) {
      return read;
    }
    LocatedTree whole =
        new LocatedTree(
            JsonNodeFactory.instance.objectNode(),
            Map.of(TreePath.ROOT, new Origin(start, start, "")));
    whole.put(DatasetPlan.DATASET, read);
    TreePath name = TreePath.of("name");
    if (read.at(name).isTextual()) {
      whole.put(name, read.part(name));
    }
    return whole;
  }

  /**
   * Reads a YAML file as it stands.
   *
   * @throws ConfigurationException when it cannot be read, or is no mapping
   */
  public static JsonNode readTree(Path file) {
    List<Problem> problems = new ArrayList<>();
    String source = DatasetBase.shown(file);
    Optional<LocatedTree> read =
        new TextFile(file, file, new Location(source, 1, 1), "", problems)
            .text()
            .flatMap(text -> YamlReader.readMapping(source, text, "a mapping of keys", problems));
    if (read.isEmpty() || !problems.isEmpty()) {
      throw new ConfigurationException(problems);
    }
    return read.get().root();
  }

  /**
   * Reads a file that holds a plan alone, as {@code dataset.plan.file} names one.
   *
   * @return empty when the file holds something else, such as a dataset
   * @throws ConfigurationException when it cannot be read
   */
  public static Optional<JsonNode> readPlan(Path file) {
    return Optional.of(readTree(file)).filter(DatasetPlan::isPlan);
  }

  /** What this machine has, for work that no experiment describes. */
  public static Resources machine() {
    return ResourceSettings.of(JsonNodeFactory.instance.objectNode(), Machine.here());
  }

  /**
   * The bytes of a size such as {@code 8 GiB}.
   *
   * @throws IllegalArgumentException for any other text, with what was expected
   */
  public static long bytes(String size) {
    return ResourceSettings.bytes(size)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "expected a size such as 8 GiB but found " + Wording.shortened(size)));
  }

  /**
   * Takes up again what {@link Experiment#tree} gave, possibly on another machine.
   *
   * @param source where the tree was kept, for messages
   * @throws ConfigurationException when the tree is none of this version's
   */
  public Experiment restore(String source, JsonNode tree) {
    Location start = new Location(source, 1, 1);
    if (!tree.isObject()) {
      throw new ConfigurationException(
          List.of(new Problem(start, "", "a mapping of keys", Wording.found(tree, ""), "")));
    }
    Map<TreePath, Origin> origins = Map.of(TreePath.ROOT, new Origin(start, start, ""));
    return checked(new LocatedTree(tree.deepCopy(), origins), new ArrayList<>());
  }

  /** The overrides that name the base, which has to be known first; or all others. */
  private static List<Overrides.Setting> chosen(List<Overrides.Setting> settings, boolean base) {
    return settings.stream()
        .filter(setting -> DatasetBase.BASE.startsWith(setting.path()) == base)
        .collect(Collectors.toList());
  }

  private Experiment checked(LocatedTree tree, List<Problem> problems) {
    ObjectNode root = (ObjectNode) tree.root();
    schema.fillIn(root);
    publishAllByDefault(root.path("dataset"));
    problems.addAll(schemaCheck.problems(tree));
    problems.addAll(CrossChecks.problems(tree));
    problems.addAll(ResourceSettings.problems(tree));
    if (problems.isEmpty() && !tree.at(DatasetBase.BASE).isMissingNode()) {
      String path = DatasetBase.BASE.toString();
      Location location = tree.valueAt(DatasetBase.BASE);
      problems.add(new Problem(location, path, "no base in a resolved experiment", "one", ""));
    }
    refuse(problems, tree);
    Experiment experiment = new Experiment(root, ResourceSettings.of(root, machine));
    problems.addAll(requestCheck.problems(experiment, tree));
    refuse(problems, tree);
    return experiment;
  }

  /** A default that no schema can state: all labels. */
  private static void publishAllByDefault(JsonNode dataset) {
    if (dataset instanceof ObjectNode mapping && !dataset.has("published")) {
      List<String> labels = new ArrayList<>();
      dataset.path("labels").fieldNames().forEachRemaining(labels::add);
      ArrayNode published = JsonNodeFactory.instance.arrayNode();
      labels.stream()
          .filter(label -> label.matches("[1-9][0-9]?|1[01][0-9]|12[0-7]"))
          .map(Integer::valueOf)
          .sorted()
          .forEach(published::add);
      // With a label at fault the user shall read of the label alone.
      if (!published.isEmpty() && published.size() == labels.size()) {
        mapping.set("published", published);
      }
    }
  }

  /** In reading order, the experiment's own file first. */
  private static void refuse(List<Problem> problems, LocatedTree tree) {
    if (!problems.isEmpty()) {
      String first = tree.valueAt(TreePath.ROOT).source();
      problems.sort(
          Comparator.comparing((Problem problem) -> !problem.location().source().equals(first))
              .thenComparing(Problem::location));
      throw new ConfigurationException(problems);
    }
  }
}
