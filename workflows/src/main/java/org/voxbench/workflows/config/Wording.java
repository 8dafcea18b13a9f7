package org.voxbench.workflows.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.List;

/** Puts schemas and values into words. */
final class Wording {

  private static final int LONGEST = 60;

  private Wording() {}

  /** What a schema asks for, such as {@code a whole number of at least 1}. */
  static String expected(JsonNode schema) {
    if (schema.has("const")) {
      return schema.path("const").asText();
    }
    if (schema.has("enum")) {
      List<String> choices = new ArrayList<>();
      schema.path("enum").forEach(choice -> choices.add(choice.asText()));
      return choices.size() == 1 ? choices.get(0) : "one of " + String.join(", ", choices);
    }
    if (schema.has("anyOf")) {
      List<String> choices = new ArrayList<>();
      schema.path("anyOf").forEach(choice -> choices.add(expected(choice)));
      return String.join(" or ", choices);
    }
    return switch (schema.path("type").asText()) {
      case "boolean" -> "true or false";
      case "integer" -> "a whole number" + range(schema);
      case "number" -> "a number" + range(schema);
      case "array" -> list(schema);
      case "object" -> "a mapping" + example(schema);
      default -> "text" + example(schema);
    };
  }

  private static String example(JsonNode schema) {
    JsonNode example = schema.path("examples").path(0);
    return example.isMissingNode() ? "" : " such as " + compact(example);
  }

  private static String list(JsonNode schema) {
    JsonNode least = schema.path("minItems");
    JsonNode most = schema.path("maxItems");
    String count = "a list";
    if (least.isNumber() && least.equals(most)) {
      count = "a list of " + least.asInt() + " values";
    } else if (least.isNumber()) {
      count = "a list of at least " + least.asInt() + (least.asInt() == 1 ? " value" : " values");
    }
    String different = schema.path("uniqueItems").asBoolean() ? " without repeats" : "";
    JsonNode items = schema.path("items");
    return count + different + (items.isMissingNode() ? "" : ", each " + expected(items));
  }

  private static String range(JsonNode schema) {
    List<String> words = new ArrayList<>();
    if (schema.has("minimum") && schema.has("maximum")) {
      words.add("from " + number(schema, "minimum") + " to " + number(schema, "maximum"));
    } else if (schema.has("minimum")) {
      words.add("of at least " + number(schema, "minimum"));
    } else if (schema.has("maximum") && !schema.has("exclusiveMinimum")) {
      words.add("of at most " + number(schema, "maximum"));
    }
    if (schema.has("exclusiveMinimum")) {
      words.add("above " + number(schema, "exclusiveMinimum"));
      if (schema.has("maximum")) {
        words.add("up to " + number(schema, "maximum"));
      }
    }
    if (schema.has("exclusiveMaximum")) {
      words.add("below " + number(schema, "exclusiveMaximum"));
    }
    return words.isEmpty() ? "" : " " + String.join(" and ", words);
  }

  private static String number(JsonNode schema, String key) {
    return CanonicalJson.of(schema.path(key));
  }

  /** A value that was found, as its writer would recognise it. */
  static String found(JsonNode value, String written) {
    if (value.isMissingNode() || value.isNull()) {
      return "nothing";
    }
    if (value.isArray()) {
      return shortened("the list " + compact(value));
    }
    if (value.isObject()) {
      return value.isEmpty() ? "an empty mapping" : shortened("the mapping " + compact(value));
    }
    if (value.isTextual()) {
      return shortened(TextNode.valueOf(value.textValue()).toString());
    }
    return shortened(written.isEmpty() ? value.asText() : written);
  }

  /** A value on one line as YAML writes it in a flow. */
  static String compact(JsonNode value) {
    if (value.isArray()) {
      List<String> items = new ArrayList<>();
      value.forEach(item -> items.add(compact(item)));
      return "[" + String.join(", ", items) + "]";
    }
    if (value.isObject()) {
      List<String> entries = new ArrayList<>();
      value.properties().forEach(e -> entries.add(e.getKey() + ": " + compact(e.getValue())));
      return "{" + String.join(", ", entries) + "}";
    }
    return value.asText();
  }

  /** Cuts what would flood the screen. */
  static String shortened(String text) {
    int length = text.codePointCount(0, text.length());
    return length <= LONGEST
        ? text
        : text.substring(0, text.offsetByCodePoints(0, LONGEST)) + "...";
  }

  /** A path of ordinary length as it is; keys that nobody meant may be of any length. */
  static String shortenedPath(String path) {
    return path.length() <= Nearest.LONGEST ? path : shortened(path);
  }

  /** Shows what cannot be printed, line ends included. */
  static String printable(String text) {
    StringBuilder shown = new StringBuilder();
    text.codePoints()
        .forEach(
            c -> {
              if (Character.isISOControl(c) || c == 0x2028 || c == 0x2029) {
                shown.append(String.format("\\u%04x", c));
              } else {
                shown.appendCodePoint(c);
              }
            });
    return shown.toString();
  }
}
