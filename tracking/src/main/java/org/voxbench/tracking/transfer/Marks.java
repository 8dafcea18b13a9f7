package org.voxbench.tracking.transfer;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;

/**
 * The tags by which a copy is known again. The first of all ids stays with a copy of a copy, so
 * that a run that comes back home is known there, too.
 */
final class Marks {

  /** Names the original. */
  static final String FROM = "voxbench.copied_from";

  /** Set last: what the original looked like when the copy was complete. */
  static final String STATE = "voxbench.copied_state";

  /** The shipper's own key of a run, by which a run that it told is known. */
  static final String RUN_KEY = org.voxbench.tracking.Tracker.RUN_KEY_TAG;

  private Marks() {}

  static String tag(JsonNode tags, String key) {
    for (JsonNode tag : tags) {
      if (tag.path("key").asText().equals(key)) {
        return tag.path("value").asText("");
      }
    }
    return "";
  }

  /** The id of the run that all copies of it come from. */
  static String origin(JsonNode run) {
    String from = tag(run.at("/data/tags"), FROM);
    return from.isEmpty() ? run.at("/info/run_id").asText() : from;
  }

  /** Changes whenever something of the run does that a search shows. */
  static String state(JsonNode run) {
    List<String> facts = new ArrayList<>();
    for (String field : List.of("run_name", "status", "end_time", "lifecycle_stage")) {
      facts.add(field + "=" + run.path("info").path(field).asText());
    }
    for (JsonNode metric : run.at("/data/metrics")) {
      facts.add(
          "m "
              + metric.path("key").asText()
              + "="
              + metric.path("value").asText()
              + "@"
              + at(metric));
    }
    pairs(run.at("/data/params"), "p ", facts);
    pairs(run.at("/data/tags"), "t ", facts);
    for (JsonNode input : run.at("/inputs/dataset_inputs")) {
      facts.add("d " + input);
    }
    return digest(facts);
  }

  private static String at(JsonNode metric) {
    return metric.path("step").asLong() + "," + metric.path("timestamp").asLong();
  }

  private static void pairs(JsonNode pairs, String kind, List<String> facts) {
    for (JsonNode pair : pairs) {
      String key = pair.path("key").asText();
      if (!key.equals(STATE)) {
        facts.add(kind + key + "=" + pair.path("value").asText());
      }
    }
  }

  static String digest(List<String> facts) {
    List<String> sorted = new ArrayList<>(facts);
    Collections.sort(sorted);
    try {
      byte[] bytes = String.join("\n", sorted).getBytes(StandardCharsets.UTF_8);
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
      return HexFormat.of().formatHex(digest, 0, 16);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
