package org.voxbench.workflows.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.voxbench.steps.Resources;
import org.voxbench.steps.StepName;

/**
 * A declared experiment, checked, with every default filled in. Immutable. Two experiments are
 * equal when they ask for the same, however it was written.
 */
public final class Experiment {

  private final ObjectNode tree;
  private final Resources resources;

  Experiment(ObjectNode tree, Resources resources) {
    this.tree = tree.deepCopy();
    this.resources = resources;
  }

  /** The experiment's name, as lists and the tracking server show it. */
  public String name() {
    return tree.path("name").asText();
  }

  /** The seed from which all randomness of the training follows. */
  public long seed() {
    return tree.path("seed").asLong();
  }

  /** The dataset's name. */
  public String dataset() {
    return tree.path("dataset").path("name").asText();
  }

  /** What a step may use on this machine; part of no fingerprint. */
  public Resources resources() {
    return resources;
  }

  /** How often a step is tried again after a failure that may pass; part of no fingerprint. */
  public Retries retries() {
    return Retries.of(tree);
  }

  /** The tracking server it shall be told to besides the embedded one; part of no fingerprint. */
  public Optional<String> trackingUri() {
    return Optional.ofNullable(tree.path("tracking").path("uri").textValue());
  }

  /**
   * The whole configuration, to be kept with a run and read again by {@link
   * ExperimentFile#restore}. A copy.
   */
  public ObjectNode tree() {
    return tree.deepCopy();
  }

  /**
   * The request of a step: exactly those settings on which its output depends. A copy.
   *
   * @return an object with the components of the step's request record
   */
  public JsonNode request(StepName step) {
    JsonNode dataset = tree.path("dataset");
    ObjectNode request = JsonNodeFactory.instance.objectNode();
    return switch (step) {
      case DOWNLOAD -> copy(dataset, request, "name", "modalities", "labels", "source");
      case PREPROCESS -> {
        copy(dataset, request, "modalities", "labels");
        yield copy(tree, request, "preprocess");
      }
      case TRAIN -> {
        copy(tree, request, "seed", "train");
        yield copy(dataset, request, "split", "patient");
      }
      case CHECKPOINT -> copy(tree, request, "checkpoint");
      case EVALUATE -> {
        copy(dataset, request, "labels", "published", "regions", "split", "patient");
        yield copy(tree, request, "evaluate");
      }
      case REPORT -> copy(tree, request, "name").put("dataset", dataset());
    };
  }

  private static ObjectNode copy(JsonNode from, ObjectNode to, String... keys) {
    for (String key : List.of(keys)) {
      if (from.has(key)) {
        to.set(key, from.path(key).deepCopy());
      }
    }
    return to;
  }

  /**
   * Identifies what is asked for: SHA-256 over all settings but name, resources and retries, which
   * change no result.
   *
   * @param versions of the steps, by key: a new version gives new results
   * @return 64 hexadecimal digits
   */
  public String digest(Map<String, Integer> versions) {
    ObjectNode all = tree.deepCopy();
    all.remove(List.of("name", "resources", "retries"));
    ObjectNode identity = JsonNodeFactory.instance.objectNode();
    identity.set("configuration", all);
    ObjectNode steps = identity.putObject("steps");
    versions.forEach(steps::put);
    try {
      byte[] text = CanonicalJson.of(identity).getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Experiment that
        && resources.equals(that.resources)
        && CanonicalJson.of(tree).equals(CanonicalJson.of(that.tree));
  }

  @Override
  public int hashCode() {
    return CanonicalJson.of(tree).hashCode();
  }

  @Override
  public String toString() {
    return "Experiment " + name() + " " + CanonicalJson.of(tree);
  }
}
