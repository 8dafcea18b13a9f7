package org.voxbench.tracking.transfer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.voxbench.tracking.MlflowServer;
import org.voxbench.tracking.TrackingException;
import org.voxbench.tracking.TrackingRefusedException;

/**
 * Copies registered models: versions whose run was copied, numbered anew, and the aliases that name
 * them. What the other side has of the same model and did not get from here stays as it is.
 */
final class RegistryCopy {

  private static final Pattern RUN_SOURCE = Pattern.compile("runs:/([0-9a-f]{32})/(.*)");
  private static final Pattern MODEL_SOURCE = Pattern.compile("models:/(m-[0-9a-f]{32})/?");
  private static final Pattern URI_SOURCE =
      Pattern.compile("mlflow-artifacts:/+[^/]+/(?:models/)?((?:m-)?[0-9a-f]{32})/artifacts/?(.*)");

  private final Both both;
  private final boolean all;

  /**
   * A copier.
   *
   * @param all also versions that belong to no run
   */
  RegistryCopy(Both both, boolean all) {
    this.both = both;
    this.all = all;
  }

  void copy() throws TrackingException {
    List<JsonNode> models = new ArrayList<>();
    both.from().pages("registered-models/search?max_results=100", "registered_models", models::add);
    for (JsonNode model : models) {
      List<JsonNode> versions = versions(both.from(), model.path("name").asText());
      versions.removeIf(version -> !isWanted(version));
      if (!versions.isEmpty() || all) {
        try {
          one(model, versions);
        } catch (TrackingRefusedException refused) {
          both.tally()
              .refused(
                  Kind.MODEL, model.path("name").asText(), String.valueOf(refused.getMessage()));
        }
      }
    }
  }

  private boolean isWanted(JsonNode version) {
    return all || both.runs().containsKey(version.path("run_id").asText());
  }

  private static List<JsonNode> versions(Peer peer, String model) throws TrackingException {
    List<JsonNode> versions = new ArrayList<>();
    String quote = model.contains("'") ? "\"" : "'";
    String filter = MlflowServer.encoded("name=" + quote + model + quote);
    peer.pages(
        "model-versions/search?max_results=1000&filter=" + filter, "model_versions", versions::add);
    versions.sort(Comparator.comparingLong(version -> version.path("version").asLong()));
    return versions;
  }

  private void one(JsonNode model, List<JsonNode> versions) throws TrackingException {
    String name = model.path("name").asText();
    both.meter().tell("registered model " + name);
    boolean made = both.to().call(server -> made(server, name, model));
    both.tally().copied(Kind.MODEL, made ? 1 : 0);
    both.tally().there(Kind.MODEL, made ? 0 : 1);
    Map<String, String> there = new HashMap<>();
    for (JsonNode version : versions(both.to(), name)) {
      there.put(origin(version), version.path("version").asText());
      there.putIfAbsent(place(version), version.path("version").asText());
    }
    Map<String, String> numbers = new HashMap<>();
    for (JsonNode version : versions) {
      version(name, version, there, numbers);
    }
    aliases(name, model, numbers);
  }

  /** Whether it had to be made. */
  private static boolean made(MlflowServer server, String name, JsonNode model)
      throws TrackingException {
    ObjectNode body = Peer.JSON.createObjectNode().put("name", name);
    body.put("description", model.path("description").asText(""));
    body.set(
        "tags", model.path("tags").isArray() ? model.path("tags") : Peer.JSON.createArrayNode());
    try {
      server.call("registering " + name, "POST", "registered-models/create", body);
      return true;
    } catch (TrackingRefusedException refused) {
      if (String.valueOf(refused.getMessage()).contains("RESOURCE_ALREADY_EXISTS")) {
        return false;
      }
      throw refused;
    }
  }

  /** The version that all its copies come from. */
  private static String origin(JsonNode version) {
    String from = Marks.tag(version.path("tags"), Marks.FROM);
    return from.isEmpty()
        ? version.path("version").asText() + " of " + version.path("creation_timestamp").asText()
        : from;
  }

  private static String place(JsonNode version) {
    return version.path("run_id").asText() + " " + version.path("source").asText();
  }

  private void version(
      String name, JsonNode version, Map<String, String> there, Map<String, String> numbers)
      throws TrackingException {
    String number = version.path("version").asText();
    try {
      ObjectNode body = body(name, version);
      String known = there.get(origin(version));
      if (known == null) {
        known = there.get(place(body));
      }
      if (known == null) {
        known = both.to().call(server -> make(server, name, body, origin(version)));
        stage(name, known, version.path("current_stage").asText("None"));
        both.tally().copied(Kind.VERSION, 1);
      } else {
        both.tally().there(Kind.VERSION, 1);
      }
      numbers.put(number, known);
    } catch (TrackingRefusedException refused) {
      both.tally().refused(Kind.VERSION, name + " " + number, String.valueOf(refused.getMessage()));
    }
  }

  private static String make(MlflowServer server, String name, ObjectNode body, String origin)
      throws TrackingException {
    String what = "registering a version of " + name;
    String quote = name.contains("'") ? "\"" : "'";
    String filter =
        "name=" + quote + name + quote + " and tags.`" + Marks.FROM + "` = '" + origin + "'";
    JsonNode known =
        server
            .call(what, "GET", "model-versions/search?filter=" + MlflowServer.encoded(filter), null)
            .at("/model_versions/0/version");
    return known.isMissingNode()
        ? server
            .call(what, "POST", "model-versions/create", body)
            .at("/model_version/version")
            .asText()
        : known.asText();
  }

  private ObjectNode body(String name, JsonNode version) {
    ObjectNode body = Peer.JSON.createObjectNode().put("name", name);
    body.put("source", source(version.path("source").asText()));
    for (String field : List.of("description", "run_link")) {
      body.put(field, version.path(field).asText(""));
    }
    String run = version.path("run_id").asText("");
    if (!run.isEmpty()) {
      body.put("run_id", both.runs().getOrDefault(run, run));
    }
    // MLflow takes a source in a logged model only where the request names that model, too.
    Matcher model = MODEL_SOURCE.matcher(body.path("source").asText());
    if (model.matches()) {
      body.put("model_id", model.group(1));
    }
    ArrayNode tags = body.putArray("tags");
    for (JsonNode tag : version.path("tags")) {
      if (!tag.path("key").asText().equals(Marks.FROM)) {
        tags.add(tag);
      }
    }
    tags.addObject().put("key", Marks.FROM).put("value", origin(version));
    return body;
  }

  /** The same place on the other side; the server there judges what is not known here. */
  private String source(String source) {
    Matcher run = RUN_SOURCE.matcher(source);
    if (run.matches()) {
      return "runs:/" + both.runs().getOrDefault(run.group(1), run.group(1)) + "/" + run.group(2);
    }
    Matcher model = MODEL_SOURCE.matcher(source);
    if (model.matches()) {
      return "models:/" + both.models().getOrDefault(model.group(1), model.group(1));
    }
    Matcher uri = URI_SOURCE.matcher(source);
    if (uri.matches() && both.models().containsKey(uri.group(1))) {
      return "models:/" + both.models().get(uri.group(1));
    }
    if (uri.matches() && both.runs().containsKey(uri.group(1))) {
      return "runs:/" + both.runs().get(uri.group(1)) + "/" + uri.group(2);
    }
    return source;
  }

  private void stage(String name, String version, String stage) throws TrackingException {
    if (!stage.equals("None") && !stage.isEmpty()) {
      both.to()
          .post(
              "stage of " + name,
              "model-versions/transition-stage",
              Peer.JSON
                  .createObjectNode()
                  .put("name", name)
                  .put("version", version)
                  .put("stage", stage)
                  .put("archive_existing_versions", false));
    }
  }

  private void aliases(String name, JsonNode model, Map<String, String> numbers)
      throws TrackingException {
    JsonNode there =
        both.to().get(name, "registered-models/get?name=" + MlflowServer.encoded(name));
    Map<String, String> set = new HashMap<>();
    there
        .at("/registered_model/aliases")
        .forEach(one -> set.put(one.path("alias").asText(), one.path("version").asText()));
    for (JsonNode one : model.path("aliases")) {
      String alias = one.path("alias").asText();
      String version = numbers.get(one.path("version").asText());
      String known = set.get(alias);
      if (version == null) {
        both.tally().refused(Kind.ALIAS, name + "@" + alias, "its version was not copied");
      } else if (version.equals(known)) {
        both.tally().there(Kind.ALIAS, 1);
      } else if (known != null && !numbers.containsValue(known)) {
        both.tally()
            .refused(
                Kind.ALIAS,
                name + "@" + alias,
                "it names version " + known + " there, which did not come from here");
      } else {
        ObjectNode body = Peer.JSON.createObjectNode().put("name", name).put("alias", alias);
        both.to().post(name + "@" + alias, "registered-models/alias", body.put("version", version));
        both.tally().copied(Kind.ALIAS, 1);
      }
    }
  }
}
