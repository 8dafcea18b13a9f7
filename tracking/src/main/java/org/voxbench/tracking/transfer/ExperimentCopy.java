package org.voxbench.tracking.transfer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mlflow.api.proto.Service.Experiment;
import org.mlflow.api.proto.Service.ViewType;
import org.mlflow.tracking.MlflowClient;
import org.mlflow.tracking.MlflowHttpException;
import org.voxbench.tracking.TrackingException;
import org.voxbench.tracking.TrackingRefusedException;

/** Brings an experiment to the other side, and finds out which of its runs are missing there. */
final class ExperimentCopy {

  private static final int PAGE = 500;

  private final Both both;
  private final Transfer.Request request;

  ExperimentCopy(Both both, Transfer.Request request) {
    this.both = both;
    this.request = request;
  }

  /**
   * An experiment and what is to do for it.
   *
   * @param from its id here
   * @param to its id there
   * @param runs those that are missing there, or differ
   */
  record Plan(String name, String from, String to, List<RunPlan> runs) {}

  /**
   * A run to copy.
   *
   * @param origin the id of the run that all its copies come from
   * @param state what it looks like now
   * @param key the shipper's key of it, or empty
   * @param to its copy, as far as there is one: copied before, or told by the shipper
   */
  record RunPlan(String from, String origin, String key, String state, Optional<There> to) {}

  /** A run on the other side. */
  record There(String id, String state, boolean deleted) {}

  /** Empty where the other side does not take the experiment. */
  Optional<Plan> plan(JsonNode experiment) throws TrackingException {
    String name = experiment.path("name").asText();
    String from = experiment.path("experiment_id").asText();
    both.meter().tell("looking at experiment " + name);
    String to;
    try {
      to = both.to().call(server -> server.client("experiment " + name, at -> made(at, name)));
    } catch (TrackingRefusedException refused) {
      both.tally().refused(Kind.EXPERIMENT, name, String.valueOf(refused.getMessage()));
      return Optional.empty();
    }
    JsonNode there =
        both.to()
            .get("experiment " + name, "experiments/get?experiment_id=" + to)
            .path("experiment");
    if (there.path("lifecycle_stage").asText().equals("deleted")) {
      both.tally()
          .refused(
              Kind.EXPERIMENT, name, "it was deleted there: restore it, or delete it for good");
      return Optional.empty();
    }
    tags(experiment, there, to, name);
    return Optional.of(new Plan(name, from, to, runs(from, there(to))));
  }

  private String made(MlflowClient client, String name) {
    Optional<String> known = byName(client, name);
    if (known.isPresent()) {
      both.tally().there(Kind.EXPERIMENT, 1);
      return known.get();
    }
    try {
      String made = client.createExperiment(name);
      both.tally().copied(Kind.EXPERIMENT, 1);
      return made;
    } catch (MlflowHttpException refused) {
      // The client may have sent the request twice, and the first one may have made it.
      return byName(client, name).orElseThrow(() -> refused);
    }
  }

  private static Optional<String> byName(MlflowClient client, String name) {
    String quote = name.contains("'") ? "\"" : "'";
    return client
        .searchExperiments("name = " + quote + name + quote, ViewType.ALL, 1, List.of())
        .getItems()
        .stream()
        .findFirst()
        .map(Experiment::getExperimentId);
  }

  private void tags(JsonNode here, JsonNode there, String to, String name)
      throws TrackingException {
    for (JsonNode tag : here.path("tags")) {
      String key = tag.path("key").asText();
      String value = tag.path("value").asText();
      if (Marks.tag(there.path("tags"), key).equals(value)) {
        both.tally().there(Kind.TAG, 1);
        continue;
      }
      try {
        boolean set =
            both.to()
                .call(
                    server ->
                        server.client(
                            "tag " + key,
                            client -> {
                              client.setExperimentTag(to, key, value);
                              return true;
                            }));
        both.tally().copied(Kind.TAG, set ? 1 : 0);
      } catch (TrackingRefusedException refused) {
        both.tally().refused(Kind.TAG, name + ": " + key, String.valueOf(refused.getMessage()));
      }
    }
  }

  /** The other side's runs by the id of their original and by the shipper's key. */
  private Map<String, There> there(String experiment) throws TrackingException {
    Map<String, There> known = new HashMap<>();
    both.to()
        .pages(
            "runs/search",
            search(experiment, "ALL"),
            "runs",
            run -> {
              JsonNode info = run.path("info");
              There one =
                  new There(
                      info.path("run_id").asText(),
                      Marks.tag(run.at("/data/tags"), Marks.STATE),
                      info.path("lifecycle_stage").asText().equals("deleted"));
              known.merge(
                  Marks.origin(run), one, (first, second) -> first.deleted ? second : first);
              String key = Marks.tag(run.at("/data/tags"), Marks.RUN_KEY);
              if (!key.isEmpty()) {
                known.putIfAbsent("key " + key, one);
              }
            });
    return known;
  }

  private List<RunPlan> runs(String experiment, Map<String, There> known) throws TrackingException {
    List<RunPlan> plans = new ArrayList<>();
    String view = request.deleted() ? "ALL" : "ACTIVE_ONLY";
    both.from()
        .pages(
            "runs/search",
            search(experiment, view),
            "runs",
            run -> {
              String id = run.at("/info/run_id").asText();
              String origin = Marks.origin(run);
              String key = Marks.tag(run.at("/data/tags"), Marks.RUN_KEY);
              String state = Marks.state(run);
              There byKey = known.get("key " + key);
              There there = known.containsKey(origin) ? known.get(origin) : byKey;
              if (there != null) {
                both.runs().put(id, there.id());
              }
              if (there == null || request.verify() || !there.state().equals(state)) {
                plans.add(new RunPlan(id, origin, key, state, Optional.ofNullable(there)));
              } else {
                both.tally().there(Kind.RUN, 1);
              }
            });
    return plans;
  }

  private static ObjectNode search(String experiment, String view) {
    ObjectNode body = Peer.JSON.createObjectNode();
    body.putArray("experiment_ids").add(experiment);
    body.put("run_view_type", view).put("max_results", PAGE);
    body.putArray("order_by").add("attributes.start_time ASC").add("attributes.run_id ASC");
    return body;
  }
}
