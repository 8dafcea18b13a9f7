package org.voxbench.workflows.run;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.voxbench.steps.AtomicFiles;
import org.voxbench.steps.Resources;
import org.voxbench.steps.StepName;
import org.voxbench.workflows.Json;
import org.voxbench.workflows.config.Experiment;
import org.voxbench.workflows.config.Retries;

/**
 * An experiment as it was when its run was asked for: later changes of the YAML file do not reach
 * the run.
 *
 * @param name the experiment's name
 * @param requests the request of each step
 * @param resources what each attempt may use
 * @param retries after failures that may pass; null where nothing was said
 */
public record FrozenExperiment(
    String name, Map<StepName, JsonNode> requests, Resources resources, @Nullable Retries retries) {

  private static final String FILE = "experiment.json";

  public FrozenExperiment {
    requests = Map.copyOf(requests);
  }

  /** With nothing said about retries. */
  public FrozenExperiment(String name, Map<StepName, JsonNode> requests, Resources resources) {
    this(name, requests, resources, null);
  }

  /** Freezes what was resolved from YAML. */
  public static FrozenExperiment of(Experiment experiment) {
    Map<StepName, JsonNode> requests = new EnumMap<>(StepName.class);
    for (StepName step : StepName.values()) {
      requests.put(step, experiment.request(step));
    }
    return new FrozenExperiment(
        experiment.name(), requests, experiment.resources(), experiment.retries());
  }

  /** The request of a step. */
  public JsonNode request(StepName step) {
    return requests.getOrDefault(step, Json.MAPPER.createObjectNode());
  }

  /** Writes it into the run's folder. */
  public void write(Path runFolder) throws IOException {
    AtomicFiles.write(
        runFolder.resolve(FILE),
        Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(this));
  }

  /** Reads it from the run's folder. */
  public static FrozenExperiment read(Path runFolder) throws IOException {
    return Json.MAPPER.readValue(runFolder.resolve(FILE).toFile(), FrozenExperiment.class);
  }
}
