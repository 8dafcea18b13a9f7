package org.voxbench.tracking;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Registered models of a tracking server. Every call may be repeated. */
public final class ModelRegistry {

  private final Rest rest;

  ModelRegistry(Rest rest) {
    this.rest = rest;
  }

  /**
   * A version of a registered model.
   *
   * @param run the server's id of the run that logged it, empty where none did
   */
  public record Version(String model, String number, String run, Map<String, String> tags) {

    public Version {
      tags = Map.copyOf(tags);
    }
  }

  /**
   * The version that this run logged; registers model and version where missing.
   *
   * @param source folder of the model, such as {@code runs:/ID/model}
   * @param tags set when the version is made
   * @return empty where the server has no registry
   */
  public Optional<Version> register(
      String model, String source, String run, Map<String, String> tags) throws TrackingException {
    String what = "registering model " + model;
    ObjectNode named = Rest.JSON.createObjectNode().put("name", model);
    try {
      if (rest.callIfKnown(what, "POST", "registered-models/create", named).isEmpty()) {
        return Optional.empty();
      }
    } catch (TrackingRefusedException exists) {
      if (!String.valueOf(exists.getMessage()).contains("RESOURCE_ALREADY_EXISTS")) {
        throw exists;
      }
    }
    String filter = UrlText.encoded("name='" + model + "' and run_id='" + run + "'");
    JsonNode known =
        rest.call(what, "GET", "model-versions/search?max_results=1&filter=" + filter, null)
            .at("/model_versions/0");
    if (!known.isMissingNode()) {
      return Optional.of(version(known));
    }
    ObjectNode body = named.deepCopy().put("source", source).put("run_id", run);
    var list = body.putArray("tags");
    new TreeMap<>(tags).forEach((k, v) -> list.addObject().put("key", k).put("value", v));
    JsonNode made = rest.call(what, "POST", "model-versions/create", body);
    return Optional.of(version(made.path("model_version")));
  }

  /** The version that an alias names; empty where it names none. */
  public Optional<Version> named(String model, String alias) throws TrackingException {
    try {
      String path =
          "registered-models/alias?name="
              + UrlText.encoded(model)
              + "&alias="
              + UrlText.encoded(alias);
      return rest.callIfKnown("looking up " + model + "@" + alias, "GET", path, null)
          .map(answer -> version(answer.path("model_version")));
    } catch (TrackingRefusedException none) {
      return Optional.empty();
    }
  }

  /**
   * Has an alias name this version from now on.
   *
   * @return false where the server is too old to know aliases
   */
  public boolean alias(Version version, String alias) throws TrackingException {
    ObjectNode body =
        Rest.JSON
            .createObjectNode()
            .put("name", version.model())
            .put("alias", alias)
            .put("version", version.number());
    String what = "naming version " + version.number() + " of " + version.model() + " " + alias;
    return rest.callIfKnown(what, "POST", "registered-models/alias", body).isPresent();
  }

  private static Version version(JsonNode json) {
    Map<String, String> tags = new TreeMap<>();
    json.path("tags")
        .forEach(tag -> tags.put(tag.path("key").asText(), tag.path("value").asText()));
    return new Version(
        json.path("name").asText(),
        json.path("version").asText(),
        json.path("run_id").asText(""),
        tags);
  }
}
