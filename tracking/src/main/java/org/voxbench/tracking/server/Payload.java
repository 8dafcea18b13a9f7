package org.voxbench.tracking.server;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The fields of one request, read strictly: a field of the wrong type is refused by its path,
 * unknown fields are ignored. 64-bit integers come as numbers (Python) or strings (Java); doubles
 * may be the strings NaN, Infinity and -Infinity.
 */
final class Payload {

  static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /** Far above the largest legal batch (100 parameters and 800 tags at their longest). */
  private static final int MAX_BODY = 32 << 20;

  private static final double EXACT = 1L << 53;

  private final JsonNode fields;
  private final String where;

  private Payload(JsonNode fields, String where) {
    this.fields = fields;
    this.where = where;
  }

  /** Reads a JSON object; an empty body is an empty object. */
  static Payload ofBody(InputStream body) throws IOException {
    byte[] bytes = body.readNBytes(MAX_BODY + 1);
    if (bytes.length > MAX_BODY) {
      throw ApiException.invalid("The request body is larger than " + MAX_BODY + " bytes");
    }
    if (bytes.length == 0) {
      return new Payload(MAPPER.createObjectNode(), "");
    }
    try (JsonParser parser = MAPPER.createParser(bytes)) {
      JsonNode root = MAPPER.readTree(parser);
      if (root == null || !root.isObject()) {
        throw ApiException.invalid("The request body must be a JSON object");
      }
      if (parser.nextToken() != null) {
        throw ApiException.invalid("Malformed JSON: text after the end of the object");
      }
      return new Payload(root, "");
    } catch (JsonProcessingException malformed) {
      var at = malformed.getLocation();
      String place =
          at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr();
      throw ApiException.invalid("Malformed JSON" + place + ": " + malformed.getOriginalMessage());
    }
  }

  static Payload ofQuery(Map<String, List<String>> query) {
    ObjectNode fields = MAPPER.createObjectNode();
    query.forEach(
        (name, values) -> {
          ArrayNode all = fields.putArray(name);
          values.forEach(all::add);
        });
    return new Payload(fields, "?");
  }

  private @Nullable JsonNode field(String name) {
    JsonNode node = fields.get(name);
    if (node != null && where.equals("?")) {
      node = node.get(node.size() - 1);
    }
    return node == null || node.isNull() ? null : node;
  }

  boolean has(String name) {
    return field(name) != null;
  }

  @Nullable String text(String name) {
    JsonNode node = field(name);
    if (node == null) {
      return null;
    }
    if (!node.isTextual()) {
      throw wrong(name, "a string", node);
    }
    return node.textValue();
  }

  String text(String name, String otherwise) {
    String text = text(name);
    return text == null ? otherwise : text;
  }

  /** A string that must be there and not be empty. */
  String required(String name) {
    String text = text(name);
    if (text == null || text.isEmpty()) {
      throw absent(name);
    }
    return text;
  }

  /** The run a request is about; old clients say {@code run_uuid}. */
  String runId() {
    String id = text("run_id");
    return id == null || id.isEmpty() ? requiredAs("run_uuid", "run_id") : id;
  }

  private String requiredAs(String name, String shown) {
    String text = text(name);
    if (text == null || text.isEmpty()) {
      throw absent(shown);
    }
    return text;
  }

  @Nullable Long int64(String name) {
    JsonNode node = field(name);
    if (node == null) {
      return null;
    }
    if (node.isIntegralNumber() && node.canConvertToLong()) {
      return node.longValue();
    }
    if (node.isDouble()
        && node.doubleValue() == Math.rint(node.doubleValue())
        && Math.abs(node.doubleValue()) < EXACT) {
      return node.longValue();
    }
    if (node.isTextual()) {
      try {
        return Long.valueOf(node.textValue());
      } catch (NumberFormatException notANumber) {
        throw wrong(name, "a 64-bit integer", node);
      }
    }
    throw wrong(name, "a 64-bit integer", node);
  }

  long requiredInt64(String name) {
    Long number = int64(name);
    if (number == null) {
      throw absent(name);
    }
    return number;
  }

  long int64(String name, long otherwise) {
    Long number = int64(name);
    return number == null ? otherwise : number;
  }

  double requiredDouble(String name) {
    JsonNode node = field(name);
    if (node == null) {
      throw absent(name);
    }
    if (node.isNumber()) {
      return node.doubleValue();
    }
    if (node.isTextual()) {
      return parseDouble(name, node);
    }
    throw wrong(name, "a number", node);
  }

  // Double.parseDouble would also take "1d", "0x1p3" and blanks around the number.
  private double parseDouble(String name, JsonNode node) {
    String text = node.textValue();
    if (!text.matches("NaN|-?Infinity|[-+]?(\\d+\\.?\\d*|\\.\\d+)([eE][-+]?\\d+)?")) {
      throw wrong(name, "a number, \"NaN\", \"Infinity\" or \"-Infinity\"", node);
    }
    return Double.parseDouble(text);
  }

  boolean truth(String name, boolean otherwise) {
    JsonNode node = field(name);
    if (node == null) {
      return otherwise;
    }
    if (!node.isBoolean()) {
      throw wrong(name, "true or false", node);
    }
    return node.booleanValue();
  }

  /** The objects of a list; an absent list is empty. */
  List<Payload> list(String name) {
    List<Payload> items = new ArrayList<>();
    JsonNode node = field(name);
    if (node != null && !node.isArray()) {
      throw wrong(name, "a list", node);
    }
    for (int i = 0; node != null && i < node.size(); i++) {
      if (!node.get(i).isObject()) {
        throw wrong(name + "[" + i + "]", "an object", node.get(i));
      }
      items.add(new Payload(node.get(i), where + name + "[" + i + "]."));
    }
    return items;
  }

  /** An object that must be there. */
  Payload object(String name) {
    JsonNode node = field(name);
    if (node == null) {
      throw absent(name);
    }
    if (!node.isObject()) {
      throw wrong(name, "an object", node);
    }
    return new Payload(node, where + name + ".");
  }

  /** The strings of a list; an absent list is empty. */
  List<String> texts(String name) {
    JsonNode node = where.equals("?") ? fields.get(name) : field(name);
    List<String> texts = new ArrayList<>();
    if (node == null) {
      return texts;
    }
    if (!node.isArray()) {
      throw wrong(name, "a list of strings", node);
    }
    for (JsonNode item : node) {
      if (!item.isTextual()) {
        throw wrong(name, "a list of strings", item);
      }
      texts.add(item.textValue());
    }
    return texts;
  }

  private ApiException absent(String name) {
    return ApiException.invalid("Missing value for required parameter '" + path(name) + "'");
  }

  private ApiException wrong(String name, String expected, JsonNode found) {
    String shown = found.toString();
    return ApiException.invalid(
        "Invalid value for parameter '"
            + path(name)
            + "': expected "
            + expected
            + " but found "
            + (shown.length() > 60 ? shown.substring(0, 60) + "..." : shown));
  }

  private String path(String name) {
    return where.equals("?") ? name : where + name;
  }
}
