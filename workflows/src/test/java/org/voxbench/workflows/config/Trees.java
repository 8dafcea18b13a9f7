package org.voxbench.workflows.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Random;

/** Made-up JSON trees, from words and numbers that are hard to keep apart in YAML. */
final class Trees {

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final String[] WORDS = {
    "",
    " ",
    "a",
    "no",
    "~",
    "null",
    "true",
    "1",
    "1e3",
    "0x1f",
    "1:30",
    "- a",
    "a: b",
    "#",
    "<<",
    "'",
    "\"",
    "\\",
    "a\nb",
    "\t",
    "\u00e9",
    "\ud83e\udec0",
    "{",
    "]",
    "*a",
    "&a",
    "!a",
    "%",
    "@",
    "2026-01-01",
    ".inf",
    "=",
    "?",
    "|",
    ">-",
    "---",
    "...",
    "a #b",
    " b",
    "b ",
    "\u2028",
    "\u0085"
  };

  private Trees() {}

  static JsonNode any(Random random, int depth) {
    return switch (random.nextInt(depth > 0 ? 8 : 6)) {
      case 0 -> NODES.nullNode();
      case 1 -> NODES.booleanNode(random.nextBoolean());
      case 2 ->
          NODES.numberNode(random.nextBoolean() ? random.nextLong() : random.nextInt(20) - 9L);
      case 3 -> NODES.numberNode(real(random));
      case 4, 5 -> NODES.textNode(word(random));
      case 6 -> list(random, depth);
      default -> mapping(random, depth);
    };
  }

  private static ArrayNode list(Random random, int depth) {
    ArrayNode list = NODES.arrayNode();
    for (int i = random.nextInt(4); i > 0; i--) {
      list.add(any(random, depth - 1));
    }
    return list;
  }

  static ObjectNode mapping(Random random, int depth) {
    ObjectNode mapping = NODES.objectNode();
    for (int i = random.nextInt(5); i > 0; i--) {
      mapping.set(word(random), any(random, depth - 1));
    }
    return mapping;
  }

  private static double real(Random random) {
    double value = Double.longBitsToDouble(random.nextLong());
    return Double.isFinite(value) && random.nextBoolean() ? value : random.nextGaussian();
  }

  private static String word(Random random) {
    String word = WORDS[random.nextInt(WORDS.length)];
    return random.nextInt(4) == 0 ? word + WORDS[random.nextInt(WORDS.length)] : word;
  }
}
