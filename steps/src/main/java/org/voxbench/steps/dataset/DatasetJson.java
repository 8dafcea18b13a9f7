package org.voxbench.steps.dataset;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The fields of a {@code dataset.json} that are read, in both of its dialects. */
final class DatasetJson {

  static final String NAME = "dataset.json";

  /** Labels are held as signed bytes. */
  private static final int LARGEST_LABEL = 127;

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private final Path file;
  private final JsonNode root;
  private final Problems problems;

  private DatasetJson(Path file, JsonNode root, Problems problems) {
    this.file = file;
    this.root = root;
    this.problems = problems;
  }

  /** An image and its label as listed; the label is empty for a test case. */
  record Entry(String image, String label) {}

  static DatasetJson read(Path file, Problems problems) {
    JsonNode root = MissingNode.getInstance();
    try {
      root = JSON.readTree(Files.readAllBytes(file));
      if (!root.isObject()) {
        problems.add(file + ": expected a JSON object but found " + describe(root));
      }
    } catch (JsonProcessingException e) {
      problems.add(
          file
              + ": line "
              + e.getLocation().getLineNr()
              + ", column "
              + e.getLocation().getColumnNr()
              + ": not valid JSON: "
              + e.getOriginalMessage());
    } catch (IOException e) {
      problems.add(file + ": cannot be read: " + e);
    }
    return new DatasetJson(file, root, problems);
  }

  boolean has(String field) {
    return root.has(field);
  }

  boolean isReadable() {
    return root.isObject();
  }

  String text(String field, String otherwise) {
    return root.path(field).isTextual() ? root.path(field).textValue() : otherwise;
  }

  /** Channel names in order of their number, from {@code {"0": "CT", ...}}. */
  List<String> modalities(String field) {
    TreeMap<Integer, String> byNumber = new TreeMap<>();
    for (Map.Entry<String, JsonNode> entry : object(field).properties()) {
      Integer number = number(entry.getKey());
      if (number == null || !entry.getValue().isTextual()) {
        wrong(field + "." + entry.getKey(), "a channel number and its name", entry.getValue());
      } else {
        byNumber.put(number, entry.getValue().textValue());
      }
    }
    if (!byNumber.isEmpty()
        && (byNumber.firstKey() != 0 || byNumber.lastKey() != byNumber.size() - 1)) {
      problems.add(
          file + ": " + field + ": expected channels 0, 1, ... but found " + byNumber.keySet());
    }
    return List.copyOf(byNumber.values());
  }

  /**
   * Foreground class names by voxel value, from {@code {"1": "liver"}} or, as nnU-Net v2 writes it,
   * {@code {"liver": 1}}.
   */
  Map<Integer, String> labels() {
    TreeMap<Integer, String> labels = new TreeMap<>();
    for (Map.Entry<String, JsonNode> entry : object("labels").properties()) {
      JsonNode value = entry.getValue();
      Integer key = number(entry.getKey());
      if (key != null && value.isTextual()) {
        label(labels, key, value.textValue());
      } else if (value.canConvertToInt() && value.isIntegralNumber()) {
        label(labels, value.intValue(), entry.getKey());
      } else if (!value.isArray() && !entry.getKey().equals("ignore")) {
        wrong("labels." + entry.getKey(), "a class name and its voxel value", value);
      }
    }
    if (labels.isEmpty() && isReadable()) {
      problems.add(file + ": labels: expected at least one foreground class but found none");
    }
    return labels;
  }

  private void label(Map<Integer, String> labels, int value, String name) {
    if (value < 0 || value > LARGEST_LABEL) {
      problems.add(
          file + ": labels: expected a voxel value from 0 to 127 but '" + name + "' has " + value);
    } else if (value > 0 && labels.put(value, name) != null) {
      problems.add(file + ": labels: value " + value + " has two names, one is '" + name + "'");
    }
  }

  /** The listed cases of {@code training} or {@code test}. */
  List<Entry> entries(String field) {
    List<Entry> entries = new ArrayList<>();
    JsonNode list = root.path(field);
    if (!list.isMissingNode() && !list.isArray()) {
      wrong(field, "a list", list);
    }
    for (JsonNode entry : list) {
      String where = field + "[" + entries.size() + "]";
      if (entry.isTextual()) {
        entries.add(new Entry(entry.textValue(), ""));
      } else if (entry.path("image").isTextual()) {
        entries.add(new Entry(entry.path("image").textValue(), entry.path("label").asText("")));
      } else {
        wrong(where, "{\"image\": FILE, \"label\": FILE}", entry);
        entries.add(new Entry("", ""));
      }
    }
    return entries.stream().filter(entry -> !entry.image().isEmpty()).toList();
  }

  private JsonNode object(String field) {
    JsonNode node = root.path(field);
    if (isReadable() && !node.isObject()) {
      wrong(field, "an object", node);
    }
    return node;
  }

  private void wrong(String where, String expected, JsonNode found) {
    problems.add(file + ": " + where + ": expected " + expected + " but found " + describe(found));
  }

  private static String describe(JsonNode node) {
    String text = node.isMissingNode() ? "nothing" : node.toString();
    return text.length() <= 60 ? text : text.substring(0, 60) + "...";
  }

  private static @Nullable Integer number(String text) {
    return text.matches("[0-9]{1,9}") ? Integer.valueOf(text) : null;
  }
}
