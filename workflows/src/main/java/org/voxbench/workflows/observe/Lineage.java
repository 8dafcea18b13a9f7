package org.voxbench.workflows.observe;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.voxbench.steps.AtomicFiles;
import org.voxbench.steps.StepName;
import org.voxbench.workflows.Home;
import org.voxbench.workflows.Json;
import org.voxbench.workflows.journal.Run;
import org.voxbench.workflows.journal.StepRun;
import org.voxbench.workflows.run.Manifest;
import org.voxbench.workflows.run.RunObserver;
import org.voxbench.workflows.run.StepCatalogue;
import org.voxbench.workflows.run.Store;
import org.voxbench.workflows.run.Store.Published;

/**
 * What was made from what, as events of OpenLineage (openlineage.io, schema 2-0-2): one for each
 * step of a run that has its output, with the outputs it read and the one it made by content.
 */
public final class Lineage {

  private static final Logger LOG = LoggerFactory.getLogger(Lineage.class);
  private static final URI PRODUCER = URI.create("https://voxbench.org/voxbench");
  private static final String SCHEMA =
      "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent";
  private static final String FACETS = "https://openlineage.io/spec/facets/";
  private static final String NAMESPACE = "voxbench";

  private final Home home;
  private final Store store;
  private final StepCatalogue steps;

  public Lineage(Home home, StepCatalogue steps) {
    this.home = home;
    this.store = new Store(home.store());
    this.steps = steps;
  }

  /** The events of a run, in the order of its steps. */
  public ArrayNode events(Run run) throws IOException {
    ArrayNode events = Json.MAPPER.createArrayNode();
    for (StepRun step : run.steps()) {
      Optional<Published> made = published(step);
      if (made.isPresent()) {
        events.add(event(run, step, made.get()));
      }
    }
    return events;
  }

  /** Writes the events into the run's folder. */
  public void write(Run run) throws IOException {
    byte[] json = Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(events(run));
    AtomicFiles.replace(home.lineage(run.id()), json);
  }

  /** To be told how runs go: writes the events of each run that ends. */
  public RunObserver observer() {
    return new RunObserver() {
      @Override
      public void changed(Run run) {
        if (run.state().ended() && Files.isDirectory(home.run(run.id()))) {
          try {
            write(run);
          } catch (IOException e) {
            LOG.warn("the lineage of run {} cannot be written: {}", run.id(), e.getMessage());
          }
        }
      }
    };
  }

  private Optional<Published> published(StepRun step) throws IOException {
    String fingerprint = step.fingerprint();
    return fingerprint == null ? Optional.empty() : store.find(step.name(), fingerprint);
  }

  private ObjectNode event(Run run, StepRun step, Published made) throws IOException {
    ObjectNode event = Json.MAPPER.createObjectNode();
    event.put("eventType", "COMPLETE");
    event.put("eventTime", time(made).toString());
    event.put("producer", PRODUCER.toString());
    event.put("schemaURL", SCHEMA);
    ObjectNode ran = event.putObject("run").put("runId", id(run, step.name().key()).toString());
    ObjectNode facets = ran.putObject("facets");
    ObjectNode parent = facet(facets, "parent", "1-2-0/ParentRunFacet.json#/$defs/ParentRunFacet");
    parent.putObject("run").put("runId", id(run, "").toString());
    parent.putObject("job").put("namespace", NAMESPACE).put("name", run.name());
    ObjectNode own = facet(facets, "voxbench", null);
    own.put("run", run.id()).put("step", step.name().key()).put("attempt", step.attempt());
    own.put("reused", step.reused()).put("madeBy", made.manifest().run());
    own.put("fingerprint", made.manifest().fingerprint().digest());
    own.put("stepVersion", made.manifest().fingerprint().version());
    event
        .putObject("job")
        .put("namespace", NAMESPACE)
        .put("name", run.name() + "." + step.name().key());
    inputs(event.putArray("inputs"), run, step, made);
    dataset(event.putArray("outputs"), step.name(), made);
    return event;
  }

  private void inputs(ArrayNode inputs, Run run, StepRun step, Published made) throws IOException {
    for (StepName name : steps.step(step.name()).inputs()) {
      Optional<Published> input = published(run.step(name));
      if (input.isPresent()) {
        dataset(inputs, name, input.get());
      }
    }
    // Files from outside the home folder: their content alone is known.
    for (Map.Entry<String, String> input : made.manifest().fingerprint().inputs().entrySet()) {
      if (!isStep(input.getKey())) {
        ObjectNode dataset = inputs.addObject();
        dataset.put("namespace", "file").put("name", step.name().key() + "/" + input.getKey());
        version(dataset.putObject("facets"), input.getValue());
      }
    }
  }

  private static boolean isStep(String key) {
    return List.of(StepName.values()).stream().anyMatch(step -> step.key().equals(key));
  }

  private void dataset(ArrayNode datasets, StepName step, Published made) {
    ObjectNode dataset = datasets.addObject();
    String folder = home.root().relativize(made.output()).toString().replace('\\', '/');
    dataset.put("namespace", "file").put("name", folder);
    ObjectNode facets = dataset.putObject("facets");
    version(facets, made.manifest().digest());
    ObjectNode own = facet(facets, "voxbench", null);
    own.put("step", step.key()).put("madeBy", made.manifest().run());
    own.put("bytes", made.manifest().bytes());
    ArrayNode files = own.putArray("files");
    for (Manifest.Entry file : made.manifest().files()) {
      files
          .addObject()
          .put("path", file.path())
          .put("size", file.size())
          .put("sha256", file.sha256());
    }
  }

  /** The digest stands for the content: the same one is the same data. */
  private static void version(ObjectNode facets, String sha256) {
    facet(
            facets,
            "version",
            "1-0-1/DatasetVersionDatasetFacet.json#/$defs/DatasetVersionDatasetFacet")
        .put("datasetVersion", "sha256:" + sha256);
  }

  private static ObjectNode facet(ObjectNode facets, String name, @Nullable String schema) {
    String url =
        schema == null
            ? "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/BaseFacet"
            : FACETS + schema;
    return facets.putObject(name).put("_producer", PRODUCER.toString()).put("_schemaURL", url);
  }

  private static Instant time(Published made) throws IOException {
    return Files.getLastModifiedTime(made.folder().resolve("manifest.json")).toInstant();
  }

  /** OpenLineage wants a UUID: the same one for the same step of the same run, always. */
  private static UUID id(Run run, String step) {
    String key = run.id() + "/" + run.created().toEpochMilli() + "/" + step;
    return UUID.nameUUIDFromBytes(key.getBytes(StandardCharsets.UTF_8));
  }
}
