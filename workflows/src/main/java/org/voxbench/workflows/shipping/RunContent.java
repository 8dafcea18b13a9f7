package org.voxbench.workflows.shipping;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.voxbench.steps.StepName;
import org.voxbench.tracking.DatasetUse;
import org.voxbench.workflows.Home;
import org.voxbench.workflows.Json;
import org.voxbench.workflows.journal.Run;
import org.voxbench.workflows.journal.RunState;
import org.voxbench.workflows.journal.StepRun;
import org.voxbench.workflows.run.AttemptFolder;
import org.voxbench.workflows.run.FrozenExperiment;
import org.voxbench.workflows.run.Store;
import org.voxbench.workflows.run.Store.Published;

/** What there is to tell of a run, as its folder and the store say. */
final class RunContent {

  private static final int LONGEST_PARAM = 6000;

  private final Home home;
  private final Run run;
  private final Store store;

  private RunContent(Home home, Run run) {
    this.home = home;
    this.run = run;
    this.store = new Store(home.store());
  }

  /** Reads the run's folder, which holds the truth. */
  static RunContent read(Home home, String id) throws IOException {
    Path file = home.run(id).resolve("run.json");
    return new RunContent(home, Json.MAPPER.readValue(file.toFile(), Run.class));
  }

  Run run() {
    return run;
  }

  /** Tells this state of the run from every other, also from the same one reached again. */
  static String stamp(Run run) {
    return run.finished() == null ? run.state().name() : run.state() + " " + run.finished();
  }

  /** The output of a step that succeeded. */
  Optional<Published> published(StepName name) throws IOException {
    StepRun step = run.step(name);
    String fingerprint = step.fingerprint();
    return step.state() != RunState.SUCCEEDED || fingerprint == null
        ? Optional.empty()
        : store.find(name, fingerprint);
  }

  /** The events of a step, by number of the attempt, in order; 0 is a reused output. */
  Map<Integer, Path> events(StepName name) throws IOException {
    Map<Integer, Path> events = new LinkedHashMap<>();
    StepRun step = run.step(name);
    for (int number = 1; number <= step.attempt(); number++) {
      Path file = AttemptFolder.of(home, run.id(), name, number).events();
      if (Files.exists(file)) {
        events.put(number, file);
      }
    }
    // Publishing moves the newest attempt's events into the store.
    published(name)
        .ifPresent(
            output -> events.putIfAbsent(step.reused() ? 0 : step.attempt(), output.events()));
    return events;
  }

  /** What was asked for. */
  FrozenExperiment experiment() throws IOException {
    return FrozenExperiment.read(home.run(run.id()));
  }

  /** All settings by step and dotted path. */
  Params params() throws IOException {
    FrozenExperiment experiment = FrozenExperiment.read(home.run(run.id()));
    Map<String, String> values = new TreeMap<>();
    List<String> cut = new ArrayList<>();
    for (StepName step : StepName.values()) {
      flatten(step.key(), experiment.request(step), values, cut);
    }
    return new Params(values, cut);
  }

  /**
   * Parameters.
   *
   * @param cut keys of those whose values MLflow would not hold whole
   */
  record Params(Map<String, String> values, List<String> cut) {}

  private static void flatten(
      String path, JsonNode node, Map<String, String> values, List<String> cut) {
    if (node.isObject() && !node.isEmpty()) {
      node.properties().forEach(e -> flatten(path + "." + e.getKey(), e.getValue(), values, cut));
    } else {
      String text = node.isTextual() ? node.textValue() : node.toString();
      if (text.length() > LONGEST_PARAM) {
        cut.add(path);
        text = text.substring(0, LONGEST_PARAM);
      }
      values.put(org.voxbench.tracking.MetricKeys.accepted(path), text);
    }
  }

  /** The dataset as the download step published it, once it has. */
  Optional<DatasetUse> dataset() throws IOException {
    Optional<Published> output = published(StepName.DOWNLOAD);
    if (output.isEmpty()) {
      return Optional.empty();
    }
    JsonNode request = FrozenExperiment.read(home.run(run.id())).request(StepName.DOWNLOAD);
    var manifest = output.get().manifest();
    String profile =
        Json.MAPPER
            .createObjectNode()
            .put("files", manifest.files().size())
            .put("bytes", manifest.bytes())
            .toString();
    return Optional.of(
        new DatasetUse(
            request.path("name").asText(run.name()),
            manifest.digest().substring(0, 36),
            request.has("source") ? request.path("source").toString() : "unknown",
            profile,
            "training"));
  }

  /** The files of the run itself, by artifact path; they are there from its beginning. */
  Map<String, Path> files() {
    Map<String, Path> files = new TreeMap<>();
    for (String name : List.of("experiment.yaml", "experiment.json", "environment.json")) {
      Path file = home.run(run.id()).resolve(name);
      if (Files.exists(file)) {
        files.put("config/" + name, file);
      }
    }
    return files;
  }
}
