package org.voxbench.workflows.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.voxbench.steps.StepName;
import org.voxbench.workflows.Json;
import org.voxbench.workflows.config.CanonicalJson;
import org.voxbench.workflows.config.Difference;

/**
 * What an output depends on, and its digest. Two equal fingerprints mean equal outputs.
 *
 * @param step which step
 * @param version the step's version
 * @param request the step's own settings
 * @param inputs digests of the outputs and files it reads, by step key or {@code files}
 */
public record Fingerprint(
    StepName step, int version, JsonNode request, Map<String, String> inputs) {

  public Fingerprint {
    inputs = new TreeMap<>(inputs);
  }

  /** SHA-256 over the canonical JSON of all parts, 64 hexadecimal digits. */
  public String digest() {
    return Digests.sha256(CanonicalJson.of(tree()).getBytes(StandardCharsets.UTF_8));
  }

  /** In words, why this is not {@code other}: one entry per part that differs. */
  public List<String> differencesFrom(Fingerprint other) {
    List<String> differences = new ArrayList<>();
    if (version != other.version) {
      differences.add("step version " + other.version + " -> " + version);
    }
    Difference.between(other.request, request).forEach(d -> differences.add(d.toString()));
    Map<String, String> all = new TreeMap<>(other.inputs);
    all.putAll(inputs);
    for (String input : all.keySet()) {
      String before = other.inputs.getOrDefault(input, "none");
      String now = inputs.getOrDefault(input, "none");
      if (!before.equals(now)) {
        differences.add("content of " + input + " " + brief(before) + " -> " + brief(now));
      }
    }
    return differences;
  }

  private static String brief(String digest) {
    return digest.length() > 12 ? digest.substring(0, 12) : digest;
  }

  private JsonNode tree() {
    ObjectNode tree = Json.MAPPER.createObjectNode();
    tree.put("step", step.key()).put("version", version);
    tree.set("request", request);
    tree.set("inputs", Json.MAPPER.valueToTree(inputs));
    return tree;
  }
}
