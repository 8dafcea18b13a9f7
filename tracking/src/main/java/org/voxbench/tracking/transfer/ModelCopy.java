package org.voxbench.tracking.transfer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.voxbench.tracking.MlflowServer;
import org.voxbench.tracking.TrackingException;
import org.voxbench.tracking.TrackingRefusedException;

/** Copies an experiment's logged models with their files; their runs must be there already. */
final class ModelCopy {

  private static final String PENDING = "LOGGED_MODEL_PENDING";
  private static final int PAGE = 100;
  private static final int MOST_METRICS = 1000;

  private final Both both;
  private final boolean verify;

  ModelCopy(Both both, boolean verify) {
    this.both = both;
    this.verify = verify;
  }

  void copy(ExperimentCopy.Plan experiment) throws TrackingException, IOException {
    Map<String, JsonNode> there = new HashMap<>();
    both.to()
        .pages(
            "logged-models/search",
            search(experiment.to()),
            "models",
            model -> there.put(origin(model), model));
    List<JsonNode> here = new ArrayList<>();
    both.from().pages("logged-models/search", search(experiment.from()), "models", here::add);
    for (JsonNode model : here) {
      try {
        one(experiment, model, there.get(origin(model)));
      } catch (TrackingRefusedException refused) {
        both.tally().refused(Kind.LOGGED_MODEL, id(model), String.valueOf(refused.getMessage()));
      }
    }
  }

  private static ObjectNode search(String experiment) {
    ObjectNode body = Peer.JSON.createObjectNode().put("max_results", PAGE);
    body.putArray("experiment_ids").add(experiment);
    return body;
  }

  private static String id(JsonNode model) {
    return model.at("/info/model_id").asText();
  }

  private static String origin(JsonNode model) {
    String from = Marks.tag(model.at("/info/tags"), Marks.FROM);
    return from.isEmpty() ? id(model) : from;
  }

  private static String state(JsonNode model) {
    JsonNode info = model.path("info");
    return info.path("status").asText() + " " + info.path("last_updated_timestamp_ms").asText();
  }

  private void one(ExperimentCopy.Plan experiment, JsonNode model, @Nullable JsonNode known)
      throws TrackingException, IOException {
    if (known != null) {
      both.models().put(id(model), id(known));
      if (!verify && Marks.tag(known.at("/info/tags"), Marks.STATE).equals(state(model))) {
        both.tally().there(Kind.LOGGED_MODEL, 1);
        return;
      }
    }
    Optional<JsonNode> made = known == null ? made(experiment, model) : Optional.of(known);
    if (made.isEmpty()) {
      both.tally().refused(Kind.LOGGED_MODEL, id(model), "the server knows no logged models");
      return;
    }
    fill(model, made.get(), known == null);
  }

  private void fill(JsonNode model, JsonNode made, boolean fresh)
      throws TrackingException, IOException {
    long before = both.tally().copies();
    String copy = id(made);
    both.models().put(id(model), copy);
    Notes notes = Notes.of(both.notes(), copy);
    metrics(model, copy);
    new ArtifactCopy(both, notes)
        .ofModel(
            id(model),
            model.at("/info/artifact_uri").asText(),
            made.at("/info/artifact_uri").asText());
    String status = model.at("/info/status").asText();
    if (!status.equals(PENDING) && !status.equals(made.at("/info/status").asText())) {
      var body = Peer.JSON.createObjectNode().put("model_id", copy).put("status", status);
      both.to().call(at -> at.call("ending a model", "PATCH", "logged-models/" + copy, body));
    }
    boolean changed = fresh || both.tally().copies() > before;
    ObjectNode mark = Peer.JSON.createObjectNode().put("model_id", copy);
    tag(mark.putArray("tags"), Marks.STATE, state(model));
    both.to().call(at -> at.call("marking", "PATCH", "logged-models/" + copy + "/tags", mark));
    notes.delete();
    both.tally().copied(Kind.LOGGED_MODEL, changed ? 1 : 0);
    both.tally().there(Kind.LOGGED_MODEL, changed ? 0 : 1);
  }

  private static void tag(ArrayNode tags, String key, String value) {
    tags.addObject().put("key", key).put("value", value);
  }

  /** Looks again before each attempt: the one before may have succeeded unheard. */
  private Optional<JsonNode> made(ExperimentCopy.Plan experiment, JsonNode model)
      throws TrackingException {
    JsonNode info = model.path("info");
    ObjectNode body =
        Peer.JSON
            .createObjectNode()
            .put("experiment_id", experiment.to())
            .put("name", info.path("name").asText())
            .put("model_type", info.path("model_type").asText(""));
    String run = info.path("source_run_id").asText("");
    if (both.runs().containsKey(run)) {
      body.put("source_run_id", both.runs().get(run));
    }
    body.set(
        "params",
        model.at("/data").path("params").isArray()
            ? model.at("/data/params")
            : Peer.JSON.createArrayNode());
    ArrayNode tags = body.putArray("tags");
    for (JsonNode tag : info.path("tags")) {
      if (!List.of(Marks.FROM, Marks.STATE).contains(tag.path("key").asText())) {
        tags.add(tag);
      }
    }
    tag(tags, Marks.FROM, origin(model));
    return both.to().call(server -> lookedUpOrMade(server, experiment, origin(model), body));
  }

  private static Optional<JsonNode> lookedUpOrMade(
      MlflowServer server, ExperimentCopy.Plan experiment, String origin, ObjectNode body)
      throws TrackingException {
    ObjectNode search =
        search(experiment.to()).put("filter", "tags.`" + Marks.FROM + "` = '" + origin + "'");
    Optional<JsonNode> known = server.callIfKnown("models", "POST", "logged-models/search", search);
    if (known.isPresent() && !known.get().path("models").isEmpty()) {
      return Optional.of(known.get().at("/models/0"));
    }
    return server
        .callIfKnown("making a model", "POST", "logged-models", body)
        .map(answer -> answer.path("model"));
  }

  /** The points that belong to the model: the run holds them, too, where they are known again. */
  private void metrics(JsonNode model, String copy) throws TrackingException {
    Map<String, ArrayNode> byRun = new HashMap<>();
    for (JsonNode metric : model.at("/data/metrics")) {
      String run = both.runs().get(metric.path("run_id").asText());
      if (run == null) {
        both.tally().refused(Kind.POINT, "model " + copy, "its run was not copied");
        continue;
      }
      ObjectNode point = ((ObjectNode) metric.deepCopy()).put("model_id", copy);
      point.remove(List.of("run_id"));
      byRun.computeIfAbsent(run, none -> Peer.JSON.createArrayNode()).add(point);
    }
    for (Map.Entry<String, ArrayNode> entry : byRun.entrySet()) {
      ArrayNode all = entry.getValue();
      for (int from = 0; from < all.size(); from += MOST_METRICS) {
        ObjectNode body = Peer.JSON.createObjectNode().put("run_id", entry.getKey());
        ArrayNode batch = body.putArray("metrics");
        for (int i = from; i < Math.min(all.size(), from + MOST_METRICS); i++) {
          batch.add(all.get(i));
        }
        both.to().post("metrics of a model", "runs/log-batch", body);
      }
    }
  }
}
