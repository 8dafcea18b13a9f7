package org.voxbench.steps.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** The network's description as flat text, whatever keys it has. */
final class Facts {

  private static final String FILE = "network.json";

  private Facts() {}

  static Map<String, String> read(Path folder) throws IOException {
    Map<String, String> facts = new LinkedHashMap<>();
    Path file = folder.resolve(FILE);
    if (Files.isRegularFile(file)) {
      flatten("", new ObjectMapper().readTree(file.toFile()), facts);
    }
    return facts;
  }

  private static void flatten(String name, JsonNode node, Map<String, String> facts) {
    if (node.isObject()) {
      node.properties()
          .forEach(
              child ->
                  flatten(
                      name.isEmpty() ? child.getKey() : name + "." + child.getKey(),
                      child.getValue(),
                      facts));
    } else {
      facts.put(name, node.isTextual() ? node.asText() : node.toString());
    }
  }
}
