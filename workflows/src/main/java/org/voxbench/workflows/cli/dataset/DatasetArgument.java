package org.voxbench.workflows.cli.dataset;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.voxbench.steps.Resources;
import org.voxbench.steps.StepName;
import org.voxbench.steps.dataset.RawDataset;
import org.voxbench.steps.dataset.SplitConfig;
import org.voxbench.steps.download.Download;
import org.voxbench.steps.download.Source;
import org.voxbench.steps.evaluate.Evaluate;
import org.voxbench.steps.preprocess.Preprocess;
import org.voxbench.steps.preprocess.PreprocessSettings;
import org.voxbench.workflows.Json;
import org.voxbench.workflows.config.Experiment;
import org.voxbench.workflows.config.ExperimentFile;
import org.voxbench.workflows.coordinator.Steps;

/**
 * What a command about datasets was given: a dataset's YAML, an experiment, or a raw folder or
 * archive without any YAML, of which only what it says about itself is known.
 *
 * @param download the source; modalities and labels are empty for a raw folder
 * @param split how an experiment on it splits, and the patients; empty for a raw folder
 * @param settings of preprocessing
 * @param resources what a command may use
 * @param plan the plan declared for it
 */
record DatasetArgument(
    Download.Request download,
    Optional<Evaluate.Request> split,
    PreprocessSettings settings,
    Resources resources,
    Optional<JsonNode> plan) {

  private static final String YAML = ".*\\.ya?ml";

  /**
   * Reads it.
   *
   * @throws IllegalArgumentException saying what is wrong
   */
  static DatasetArgument of(Path given, List<String> overrides) {
    boolean raw =
        Files.isDirectory(given) || (Files.isRegularFile(given) && !given.toString().matches(YAML));
    if (!raw) {
      return of(
          new ExperimentFile(Steps.all(Path.of("")).requestTypes()).readDataset(given, overrides));
    }
    if (!overrides.isEmpty()) {
      throw new IllegalArgumentException(
          "--set: expected a dataset or experiment file to set values of but found the raw data "
              + given);
    }
    Path folder = given.toAbsolutePath().normalize();
    String name = String.valueOf(folder.getFileName());
    Source source = new Source.Folder(folder.toString());
    return new DatasetArgument(
        new Download.Request(name, List.of(), Map.of(), source),
        Optional.empty(),
        PreprocessSettings.defaults(),
        ExperimentFile.machine(),
        Optional.empty());
  }

  private static DatasetArgument of(Experiment experiment) {
    Preprocess.Request preprocess =
        request(experiment, StepName.PREPROCESS, Preprocess.Request.class);
    JsonNode plan = experiment.tree().path("dataset").path("plan");
    return new DatasetArgument(
        request(experiment, StepName.DOWNLOAD, Download.Request.class),
        Optional.of(request(experiment, StepName.EVALUATE, Evaluate.Request.class)),
        preprocess.preprocess(),
        experiment.resources(),
        plan.isEmpty() ? Optional.empty() : Optional.of(plan));
  }

  private static <C> C request(Experiment experiment, StepName step, Class<C> type) {
    return Json.MAPPER.convertValue(experiment.request(step), type);
  }

  String name() {
    return download.name();
  }

  Optional<SplitConfig> splitConfig() {
    return split.map(Evaluate.Request::split);
  }

  String patient() {
    return split.map(Evaluate.Request::patient).orElse("");
  }

  /** As declared, or as the data says where nothing is. */
  Preprocess.Request preprocess(RawDataset raw) {
    List<String> modalities =
        download.modalities().isEmpty() ? raw.modalities() : download.modalities();
    Map<Integer, String> labels = download.labels().isEmpty() ? raw.labels() : download.labels();
    if (modalities.isEmpty() || labels.isEmpty()) {
      throw new IllegalArgumentException(
          "%s: the %s names neither modalities nor labels; expected a dataset file that does, such as configs/datasets/acdc.yaml with --set dataset.source.path=FOLDER"
              .formatted(name(), raw.layout()));
    }
    return new Preprocess.Request(modalities, labels, settings);
  }
}
