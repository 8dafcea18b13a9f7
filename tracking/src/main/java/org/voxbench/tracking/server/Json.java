package org.voxbench.tracking.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** The JSON shapes of answers. As in MLflow, empty lists and absent values are left out. */
final class Json {

  private Json() {}

  static ObjectNode object() {
    return Payload.MAPPER.createObjectNode();
  }

  static ObjectNode of(String name, JsonNode value) {
    ObjectNode object = object();
    object.set(name, value);
    return object;
  }

  static ObjectNode keyValue(String key, String value) {
    return object().put("key", key).put("value", value);
  }

  static void putIfPresent(ObjectNode object, String name, @Nullable Long value) {
    if (value != null) {
      object.put(name, value);
    }
  }

  /** Adds a list unless it is empty. */
  static ObjectNode with(
      ObjectNode object, String name, @Nullable Collection<? extends JsonNode> items) {
    if (items != null && !items.isEmpty()) {
      ArrayNode array = object.putArray(name);
      array.addAll(items);
    }
    return object;
  }
}
