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

  /** What the run reads, once the download step has published it. */
  List<DatasetUse> datasets() throws IOException {
    Optional<Published> output = published(StepName.DOWNLOAD);
    return output.isPresent() ? Datasets.of(this, output.get()) : List.of();
  }

  /** How busy the machine was in a step's attempts, by number; not in those of other runs. */
  Map<Integer, Path> system(StepName name) throws IOException {
    Map<Integer, Path> files = new LinkedHashMap<>();
    StepRun step = run.step(name);
    for (int number = 1; number <= step.attempt(); number++) {
      Path file = AttemptFolder.of(home, run.id(), name, number).system();
      if (Files.exists(file)) {
        files.put(number, file);
      }
    }
    Optional<Published> output = published(name);
    if (output.isPresent() && !step.reused() && Files.exists(output.get().system())) {
      files.putIfAbsent(step.attempt(), output.get().system());
    }
    return files;
  }

  /** The machine that trained, or last tried to. */
  private Path environment() throws IOException {
    Optional<Published> output = published(StepName.TRAIN);
    return output.isPresent()
        ? output.get().environment()
        : AttemptFolder.of(home, run.id(), StepName.TRAIN, run.step(StepName.TRAIN).attempt())
            .environment();
  }

  /** Tags that say where the run comes from and on what it was computed. */
  Map<String, String> origin() throws IOException {
    Map<String, String> tags = new TreeMap<>(Provenance.tags(home.run(run.id())));
    tags.putAll(Provenance.machine(environment()));
    return tags;
  }

  /** All files that are told as they are, by artifact path; more of them as the run goes on. */
  Map<String, Path> artifacts() throws IOException {
    Path folder = home.run(run.id());
    Map<String, Path> files = new TreeMap<>(Provenance.files(folder));
    files.put("config/experiment.yaml", folder.resolve("experiment.yaml"));
    files.put("config/experiment.json", folder.resolve("experiment.json"));
    if (run.state().ended() || published(StepName.TRAIN).isPresent()) {
      files.put("train/environment.json", environment());
    }
    for (StepName step : StepName.values()) {
      Optional<Published> output = published(step);
      if (output.isPresent()) {
        for (String artifact : output.get().manifest().artifacts()) {
          files.put(step.key() + "/" + artifact, output.get().output().resolve(artifact));
        }
      }
    }
    files.values().removeIf(file -> !Files.exists(file));
    return files;
  }
}
