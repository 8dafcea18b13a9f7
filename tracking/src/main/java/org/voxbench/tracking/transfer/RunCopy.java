package org.voxbench.tracking.transfer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.mlflow.api.proto.Service.CreateRun;
import org.mlflow.api.proto.Service.Run;
import org.mlflow.api.proto.Service.RunTag;
import org.mlflow.api.proto.Service.ViewType;
import org.mlflow.tracking.MlflowClient;
import org.voxbench.tracking.TrackedRun;
import org.voxbench.tracking.TrackingException;
import org.voxbench.tracking.TrackingRefusedException;

/**
 * Copies one run in two steps: first it is made, so that others may name it, then it is filled. Its
 * mark comes last, so a copy that broke off is taken up again.
 */
final class RunCopy {

  private static final String PARENT = "mlflow.parentRunId";
  private static final String NAME = "mlflow.runName";

  private final Both both;

  RunCopy(Both both) {
    this.both = both;
  }

  /** Makes the run on the other side unless it is there; false where it is refused. */
  boolean make(ExperimentCopy.Plan experiment, ExperimentCopy.RunPlan plan)
      throws TrackingException {
    if (plan.to().isPresent()) {
      return restored(plan);
    }
    JsonNode run = read(plan.from());
    try {
      String id =
          both.to()
              .call(
                  server ->
                      server.client(
                          "making run " + plan.from(),
                          client -> made(client, experiment.to(), run, plan.origin())));
      both.runs().put(plan.from(), id);
      return true;
    } catch (TrackingRefusedException refused) {
      both.tally().refused(Kind.RUN, plan.from(), String.valueOf(refused.getMessage()));
      return false;
    }
  }

  private JsonNode read(String id) throws TrackingException {
    return both.from().get("reading run " + id, "runs/get?run_id=" + id).path("run");
  }

  private boolean restored(ExperimentCopy.RunPlan plan) throws TrackingException {
    ExperimentCopy.There there = plan.to().orElseThrow();
    if (!there.deleted()) {
      return true;
    }
    if (!read(plan.from()).at("/info/lifecycle_stage").asText().equals("deleted")) {
      both.tally()
          .refused(
              Kind.RUN, plan.from(), "its copy " + there.id() + " was deleted there: restore it");
      return false;
    }
    return both.to()
        .call(
            server ->
                server.client("restoring", client -> done(() -> client.restoreRun(there.id()))));
  }

  static boolean done(Runnable work) {
    work.run();
    return true;
  }

  // Looked up before it is made, and again afterwards: the client repeats a request that failed.
  private static String made(MlflowClient client, String experiment, JsonNode run, String origin) {
    List<Run> known = find(client, experiment, origin);
    if (known.isEmpty()) {
      client.createRun(creation(experiment, run, origin));
      known = find(client, experiment, origin);
    }
    known.subList(1, known.size()).forEach(ghost -> client.deleteRun(ghost.getInfo().getRunId()));
    return known.get(0).getInfo().getRunId();
  }

  private static List<Run> find(MlflowClient client, String experiment, String origin) {
    return client
        .searchRuns(
            List.of(experiment),
            "tags.`" + Marks.FROM + "` = '" + origin + "'",
            ViewType.ACTIVE_ONLY,
            10,
            List.of("attributes.start_time ASC", "attributes.run_id ASC"))
        .getItems();
  }

  private static CreateRun creation(String experiment, JsonNode run, String origin) {
    JsonNode info = run.path("info");
    CreateRun.Builder creation =
        CreateRun.newBuilder()
            .setExperimentId(experiment)
            .setUserId(info.path("user_id").asText(""))
            .setStartTime(info.path("start_time").asLong(0))
            .addTags(RunTag.newBuilder().setKey(Marks.FROM).setValue(origin));
    String name = info.path("run_name").asText("");
    return (name.isEmpty() ? creation : creation.setRunName(name)).build();
  }

  /** Fills a run that is there, then marks it as complete. */
  void fill(ExperimentCopy.RunPlan plan) throws TrackingException, IOException {
    long before = both.tally().copies();
    String id = String.valueOf(both.runs().get(plan.from()));
    JsonNode here = read(plan.from());
    JsonNode there = both.to().get("reading run " + id, "runs/get?run_id=" + id).path("run");
    TrackedRun copy = both.to().call(server -> server.run(id));
    Notes notes = Notes.of(both.notes(), id);
    params(here, there, copy);
    tags(plan, here, there, copy);
    new MetricCopy(both, here, copy, notes).copy(there.at("/data/metrics"));
    links(here, there, id);
    JsonNode info = here.path("info");
    new ArtifactCopy(both, notes)
        .ofRun(info.path("run_id").asText(), info.path("artifact_uri").asText(), copy);
    end(here.path("info"), there.path("info"), id);
    boolean changed = plan.to().isEmpty() || both.tally().copies() > before;
    both.to().call(server -> told(copy, Map.of(Marks.STATE, plan.state())));
    if (info.path("lifecycle_stage").asText().equals("deleted")) {
      both.to().call(server -> server.client("deleting", c -> done(() -> c.deleteRun(id))));
    }
    notes.delete();
    both.tally().copied(Kind.RUN, changed ? 1 : 0);
    both.tally().there(Kind.RUN, changed ? 0 : 1);
    both.meter().runDone();
  }

  private static boolean told(TrackedRun run, Map<String, String> tags) throws TrackingException {
    run.tags(tags);
    return true;
  }

  private static Map<String, String> pairs(JsonNode pairs) {
    Map<String, String> map = new LinkedHashMap<>();
    pairs.forEach(pair -> map.put(pair.path("key").asText(), pair.path("value").asText("")));
    return map;
  }

  private void params(JsonNode here, JsonNode there, TrackedRun copy) throws TrackingException {
    Map<String, String> missing = pairs(here.at("/data/params"));
    int all = missing.size();
    pairs(there.at("/data/params")).forEach(missing::remove);
    both.tally().there(Kind.PARAM, all - missing.size());
    var refused = both.to().call(server -> copy.paramsAccepted(missing));
    both.tally().copied(Kind.PARAM, missing.size() - refused.items().size());
    both.tally().refused(Kind.PARAM, "run " + copy.id(), refused);
  }

  private void tags(ExperimentCopy.RunPlan plan, JsonNode here, JsonNode there, TrackedRun copy)
      throws TrackingException {
    Map<String, String> missing = new TreeMap<>(pairs(here.at("/data/tags")));
    missing.remove(Marks.STATE);
    missing.remove(NAME);
    missing.remove(Marks.FROM);
    String parent = missing.get(PARENT);
    if (parent != null) {
      missing.put(PARENT, both.runs().getOrDefault(parent, parent));
    }
    if (!copy.id().equals(plan.origin())) {
      missing.put(Marks.FROM, plan.origin());
    }
    int all = missing.size();
    pairs(there.at("/data/tags")).forEach(missing::remove);
    both.tally().there(Kind.TAG, all - missing.size());
    var refused = both.to().call(server -> copy.tagsAccepted(missing));
    both.tally().copied(Kind.TAG, missing.size() - refused.items().size());
    both.tally().refused(Kind.TAG, "run " + copy.id(), refused);
  }

  /** Datasets and logged models that the run reads, and logged models that it made. */
  private void links(JsonNode here, JsonNode there, String id) throws TrackingException {
    ObjectNode inputs = Peer.JSON.createObjectNode().put("run_id", id);
    ArrayNode datasets = inputs.putArray("datasets");
    for (JsonNode input : here.at("/inputs/dataset_inputs")) {
      if (known(there.at("/inputs/dataset_inputs"), input)) {
        both.tally().there(Kind.INPUT, 1);
      } else {
        datasets.add(input);
      }
    }
    ArrayNode read = inputs.putArray("models");
    models(here.at("/inputs/model_inputs"), there.at("/inputs/model_inputs"), read, id);
    ObjectNode outputs = Peer.JSON.createObjectNode().put("run_id", id);
    ArrayNode made = outputs.putArray("models");
    models(here.at("/outputs/model_outputs"), there.at("/outputs/model_outputs"), made, id);
    link("runs/log-inputs", inputs, datasets.size() + read.size(), id);
    link("runs/outputs", outputs, made.size(), id);
  }

  private static boolean known(JsonNode there, JsonNode input) {
    for (JsonNode one : there) {
      JsonNode known = one.path("dataset");
      JsonNode asked = input.path("dataset");
      if (known.path("name").equals(asked.path("name"))
          && known.path("digest").equals(asked.path("digest"))) {
        return true;
      }
    }
    return false;
  }

  private void models(JsonNode here, JsonNode there, ArrayNode missing, String run) {
    for (JsonNode model : here) {
      String copy = both.models().get(model.path("model_id").asText());
      if (copy == null) {
        both.tally()
            .refused(
                Kind.INPUT, "run " + run, "model " + model.path("model_id") + " was not copied");
      } else if (there.findValuesAsText("model_id").contains(copy)) {
        both.tally().there(Kind.INPUT, 1);
      } else {
        missing.addObject().put("model_id", copy).put("step", model.path("step").asLong(0));
      }
    }
  }

  private void link(String path, ObjectNode body, int number, String run) throws TrackingException {
    if (number == 0) {
      return;
    }
    try {
      if (both.to()
          .call(at -> at.callIfKnown("linking run " + run, "POST", path, body))
          .isEmpty()) {
        both.tally().refused(Kind.INPUT, "run " + run, "the server is too old to know " + path);
      } else {
        both.tally().copied(Kind.INPUT, number);
      }
    } catch (TrackingRefusedException refused) {
      both.tally().refused(Kind.INPUT, "run " + run, String.valueOf(refused.getMessage()));
    }
  }

  private void end(JsonNode here, JsonNode there, String id) throws TrackingException {
    ObjectNode update = Peer.JSON.createObjectNode().put("run_id", id);
    boolean differs = false;
    for (String field : List.of("status", "end_time", "run_name")) {
      if (here.has(field) && !here.path(field).asText().equals(there.path(field).asText())) {
        update.set(field, here.path(field));
        differs = true;
      }
    }
    if (differs) {
      both.to().post("ending run " + id, "runs/update", update);
    }
  }
}
