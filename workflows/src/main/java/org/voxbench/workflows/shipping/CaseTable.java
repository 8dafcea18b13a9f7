package org.voxbench.workflows.shipping;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.voxbench.workflows.Json;

/**
 * Scores by case, as the table that MLflow's {@code log_table} writes and {@code load_table} reads.
 */
final class CaseTable {

  /** Where it lies below the run. */
  static final String PATH = "evaluate/cases.json";

  /** Where the scores lie in the output of the evaluate step. */
  static final String SCORES = "scores.csv";

  /** What tells MLflow's pages that it is a table. */
  static final String TAG = "[{\"path\": \"" + PATH + "\", \"type\": \"table\"}]";

  private CaseTable() {}

  /**
   * Writes the table.
   *
   * @param scores comma-separated values with a header, RFC 4180
   */
  static void write(Path scores, Path out) throws IOException {
    List<List<String>> lines = parse(Files.readString(scores));
    ObjectNode table = Json.MAPPER.createObjectNode();
    ArrayNode columns = table.putArray("columns");
    ArrayNode data = table.putArray("data");
    for (int i = 0; i < lines.size(); i++) {
      ArrayNode row = i == 0 ? columns : data.addArray();
      for (String field : lines.get(i)) {
        add(row, field, i == 0);
      }
    }
    Json.MAPPER.writeValue(out.toFile(), table);
  }

  /** The values of a column; none where there is no such column. */
  static TreeSet<String> column(Path scores, String name) throws IOException {
    List<List<String>> lines = parse(Files.readString(scores));
    int at = lines.isEmpty() ? -1 : lines.get(0).indexOf(name);
    TreeSet<String> values = new TreeSet<>();
    for (List<String> line : at < 0 ? List.<List<String>>of() : lines.subList(1, lines.size())) {
      values.add(line.get(at));
    }
    return values;
  }

  private static void add(ArrayNode row, String field, boolean header) {
    if (!header && field.matches("-?\\d+(\\.\\d+)?([eE][-+]?\\d+)?")) {
      row.add(Double.parseDouble(field));
    } else if (!header && (field.isEmpty() || field.equals("NaN"))) {
      row.addNull();
    } else {
      row.add(field);
    }
  }

  private static List<List<String>> parse(String text) {
    List<List<String>> lines = new ArrayList<>();
    List<String> line = new ArrayList<>();
    StringBuilder field = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"') {
        boolean doubled = quoted && i + 1 < text.length() && text.charAt(i + 1) == '"';
        if (doubled) {
          field.append(c);
          i++;
        } else {
          quoted = !quoted;
        }
      } else if (quoted || (c != ',' && c != '\n' && c != '\r')) {
        field.append(c);
      } else if (c != '\r') {
        line.add(field.toString());
        field.setLength(0);
        if (c == '\n') {
          lines.add(List.copyOf(line));
          line.clear();
        }
      }
    }
    return lines;
  }
}
