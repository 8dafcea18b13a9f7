package org.voxbench.workflows.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * One text per value: keys sorted by UTF-16 code unit, no white space, every number in one form (1,
 * 1.0 and 1e0 are the same). Two trees that mean the same have the same text, so it can be hashed.
 */
public final class CanonicalJson {

  /** Longer numbers keep their exponent: 1e999999999 must not become a gigabyte of zeros. */
  private static final int PLAIN_DIGITS = 40;

  private CanonicalJson() {}

  /**
   * The canonical text of a tree.
   *
   * @throws IllegalArgumentException for a number that JSON cannot hold (NaN, infinite) and for a
   *     node that is no JSON value
   */
  public static String of(JsonNode tree) {
    StringBuilder text = new StringBuilder();
    write(tree, text);
    return text.toString();
  }

  private static void write(JsonNode node, StringBuilder text) {
    if (node.isObject()) {
      writeObject(node, text);
    } else if (node.isArray()) {
      String separator = "[";
      for (JsonNode item : node) {
        text.append(separator);
        write(item, text);
        separator = ",";
      }
      text.append(node.isEmpty() ? "[]" : "]");
    } else if (node.isNumber()) {
      text.append(number(node));
    } else if (node.isTextual() || node.isBoolean() || node.isNull()) {
      text.append(node);
    } else {
      throw new IllegalArgumentException("expected a JSON value but found " + node.getNodeType());
    }
  }

  private static void writeObject(JsonNode node, StringBuilder text) {
    List<String> keys = new ArrayList<>(node.size());
    node.fieldNames().forEachRemaining(keys::add);
    Collections.sort(keys);
    String separator = "{";
    for (String key : keys) {
      text.append(separator).append(TextNode.valueOf(key)).append(':');
      write(node.required(key), text);
      separator = ",";
    }
    text.append(keys.isEmpty() ? "{}" : "}");
  }

  private static String number(JsonNode node) {
    boolean real = node.isDouble() || node.isFloat();
    if (real && !Double.isFinite(node.doubleValue())) {
      throw new IllegalArgumentException("expected a finite number but found " + node.asText());
    }
    BigDecimal value = node.decimalValue().stripTrailingZeros();
    boolean isShort = Math.abs((long) value.scale()) + value.precision() <= PLAIN_DIGITS;
    return isShort ? value.toPlainString() : value.toString();
  }
}
