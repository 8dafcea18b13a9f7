package org.voxbench.workflows.sweep;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.voxbench.steps.AtomicFiles;
import org.voxbench.workflows.Json;
import org.voxbench.workflows.journal.Run;
import org.voxbench.workflows.sweep.SweepRun.Cell;

/** One table over the cells of a sweep: Markdown, HTML, CSV and JSON. */
public final class SweepReport {

  private static final List<String> FIGURES = List.of("dice.mean", "hd95.mean");

  private final SweepRun sweep;
  private final List<String> axes;
  private final List<Row> rows = new ArrayList<>();

  /** One cell: its values by axis, its run, where that stands, its figures and its seconds. */
  private record Row(
      Map<String, String> values,
      @Nullable String run,
      String state,
      Map<String, Double> figures,
      double seconds) {}

  /**
   * @param runs finds runs by id
   */
  public SweepReport(SweepRun sweep, Function<String, Optional<Run>> runs) {
    this.sweep = sweep;
    Set<String> names = new LinkedHashSet<>();
    for (Cell cell : sweep.cells()) {
      names.addAll(cell.values().keySet());
      rows.add(row(cell, runs));
    }
    axes = List.copyOf(names);
  }

  private static Row row(Cell cell, Function<String, Optional<Run>> runs) {
    String id = cell.run();
    Optional<Run> run = id == null ? Optional.empty() : runs.apply(id);
    Map<String, Double> figures = new LinkedHashMap<>();
    for (String figure : FIGURES) {
      Double value = run.map(r -> r.metrics().get(figure)).orElse(null);
      if (value != null) {
        figures.put(figure, value);
      }
    }
    String state =
        run.map(r -> r.shown().name().toLowerCase(Locale.ROOT))
            .orElse(id == null ? "not begun" : "gone");
    return new Row(cell.values(), id, state, figures, run.map(Run::seconds).orElse(0.0));
  }

  /** Writes {@code report.md}, {@code report.html}, {@code report.csv} and {@code report.json}. */
  public void write(Path folder) throws IOException {
    write(folder, "report.md", markdown());
    write(folder, "report.html", html());
    write(folder, "report.csv", csv());
    write(folder, "report.json", json());
  }

  private static void write(Path folder, String name, String text) throws IOException {
    AtomicFiles.write(folder.resolve(name), text.getBytes(StandardCharsets.UTF_8));
  }

  private List<String> header() {
    List<String> header = new ArrayList<>(axes);
    header.addAll(List.of("state", "Dice", "HD95 (mm)", "seconds", "run"));
    return header;
  }

  private List<String> words(Row row) {
    List<String> words = new ArrayList<>();
    axes.forEach(axis -> words.add(row.values().getOrDefault(axis, "")));
    words.add(row.state());
    words.add(figure("%.4f", row.figures().get("dice.mean")));
    words.add(figure("%.2f", row.figures().get("hd95.mean")));
    words.add(figure("%.1f", row.seconds()));
    words.add(row.run() == null ? "" : row.run());
    return words;
  }

  private static String figure(String format, @Nullable Double value) {
    return value == null || value.isNaN() ? "-" : String.format(Locale.ROOT, format, value);
  }

  private String title() {
    return "Sweep " + sweep.id() + " " + sweep.state().name().toLowerCase(Locale.ROOT);
  }

  /** As a Markdown table. */
  public String markdown() {
    StringBuilder text = new StringBuilder("# " + title() + "\n\n");
    if (sweep.message() != null) {
      text.append(sweep.message()).append("\n\n");
    }
    text.append("| ").append(String.join(" | ", header())).append(" |\n|");
    text.append(" --- |".repeat(header().size())).append('\n');
    for (Row row : rows) {
      List<String> cells = words(row).stream().map(word -> word.replace("|", "\\|")).toList();
      text.append("| ").append(String.join(" | ", cells)).append(" |\n");
    }
    return text.toString();
  }

  /** As a page that needs nothing else. */
  public String html() {
    StringBuilder text =
        new StringBuilder("<!doctype html><html lang=\"en\"><meta charset=\"utf-8\">");
    text.append("<title>").append(escaped(title())).append("</title><style>");
    text.append("body{font:15px system-ui;margin:2em}table{border-collapse:collapse}");
    text.append("td,th{padding:.3em .8em;border-bottom:1px solid #ccc;text-align:left}</style>");
    text.append("<h1>").append(escaped(title())).append("</h1>");
    if (sweep.message() != null) {
      text.append("<p>").append(escaped(sweep.message())).append("</p>");
    }
    text.append("<table><thead><tr>");
    header().forEach(h -> text.append("<th scope=\"col\">").append(escaped(h)).append("</th>"));
    text.append("</tr></thead><tbody>");
    for (Row row : rows) {
      text.append("<tr>");
      words(row).forEach(word -> text.append("<td>").append(escaped(word)).append("</td>"));
      text.append("</tr>\n");
    }
    return text.append("</tbody></table></html>\n").toString();
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }

  /** As RFC 4180 text. */
  public String csv() {
    StringBuilder text = new StringBuilder();
    List<List<String>> lines = new ArrayList<>();
    lines.add(header());
    rows.forEach(row -> lines.add(words(row)));
    for (List<String> line : lines) {
      List<String> cells =
          line.stream()
              .map(w -> w.matches(".*[\",\r\n].*") ? "\"" + w.replace("\"", "\"\"") + "\"" : w)
              .toList();
      text.append(String.join(",", cells)).append("\r\n");
    }
    return text.toString();
  }

  /** As one object: {@code {"sweep","state","message","cells":[...]}}. */
  public String json() throws IOException {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("sweep", sweep.id());
    all.put("state", sweep.state());
    all.put("message", sweep.message());
    all.put("cells", rows);
    return Json.MAPPER.writeValueAsString(all);
  }

  /** As a table for a terminal. */
  public String text() {
    List<List<String>> lines = new ArrayList<>();
    lines.add(header());
    rows.forEach(row -> lines.add(words(row)));
    StringBuilder text = new StringBuilder();
    for (List<String> line : lines) {
      for (int i = 0; i < line.size(); i++) {
        int column = i;
        int width = lines.stream().mapToInt(l -> l.get(column).length()).max().orElse(0);
        text.append(String.format("%-" + (width + 2) + "s", line.get(i)));
      }
      text.append('\n');
    }
    return text.toString();
  }
}
