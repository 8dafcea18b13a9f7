package org.voxbench.workflows.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.voxbench.steps.Resources;

/** Reads {@code resources:}; what is not given is taken from the machine. */
final class ResourceSettings {

  static final long LEAST_BYTES = 256L << 20;

  private static final Pattern SIZE = Pattern.compile("([0-9]+(?:\\.[0-9]+)?) ?([KMGT]i?B)");
  private static final Map<String, Long> UNITS =
      Map.of(
          "MiB",
          1L << 20,
          "GiB",
          1L << 30,
          "TiB",
          1L << 40,
          "MB",
          1_000_000L,
          "GB",
          1_000_000_000L,
          "TB",
          1_000_000_000_000L);

  private static final TreePath MEMORY = TreePath.of("resources.memory");

  private ResourceSettings() {}

  /** A checked tree's resources on a machine: all its threads and three quarters of its memory. */
  static Resources of(JsonNode tree, Machine machine) {
    JsonNode given = tree.path("resources");
    long memory =
        bytes(given.path("memory").asText())
            .orElse(Math.max(LEAST_BYTES, machine.memoryBytes() / 4 * 3));
    return new Resources(
        given.path("threads").asInt(machine.processors()),
        memory,
        given.path("device").asText("auto"));
  }

  static List<Problem> problems(LocatedTree tree) {
    String text = tree.at(MEMORY).asText();
    OptionalLong bytes = bytes(text);
    if (bytes.isEmpty() || bytes.getAsLong() >= LEAST_BYTES) {
      return List.of();
    }
    Location location = tree.valueAt(MEMORY);
    return List.of(new Problem(location, MEMORY.toString(), "at least 256 MiB", text, ""));
  }

  /** Bytes of a size such as {@code 8 GiB}; empty for any other text. */
  static OptionalLong bytes(String size) {
    Matcher matcher = SIZE.matcher(size);
    if (size.length() > 20 || !matcher.matches() || !UNITS.containsKey(matcher.group(2))) {
      return OptionalLong.empty();
    }
    BigDecimal unit = BigDecimal.valueOf(UNITS.get(matcher.group(2)));
    BigDecimal bytes = new BigDecimal(matcher.group(1)).multiply(unit);
    return OptionalLong.of(bytes.min(BigDecimal.valueOf(Long.MAX_VALUE)).longValue());
  }
}
