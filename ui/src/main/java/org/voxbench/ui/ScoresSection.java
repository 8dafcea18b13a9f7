package org.voxbench.ui;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The score table of one measure: a row for each case, a column for each class. */
final class ScoresSection {

  /** Tints from bad to good. */
  private static final int TINTS = 7;

  private final Html html;
  private final ScoreTable table;
  private final ScoreTable.Measure measure;

  private ScoresSection(Html html, ScoreTable table, ScoreTable.Measure measure) {
    this.html = html;
    this.table = table;
    this.measure = measure;
  }

  static void draw(Html html, String run, ScoreTable table, @Nullable String key) {
    if (table.measures().isEmpty()) {
      return;
    }
    ScoreTable.Measure measure =
        table.measures().stream()
            .filter(one -> one.key().equals(key))
            .findFirst()
            .orElse(table.measures().get(0));
    html.open("section", "class", "card", "id", "scores", "aria-labelledby", "scores-title");
    html.open("div", "class", "titled").leaf("h2", "Scores", "id", "scores-title");
    html.open("nav", "class", "tabs", "aria-label", "Measure");
    for (ScoreTable.Measure one : table.measures()) {
      html.leaf(
          "a",
          heading(one),
          "id",
          "measure-" + one.key(),
          "class",
          "tab",
          "href",
          Address.run(run) + "?measure=" + Address.encoded(one.key()) + "#scores",
          "aria-current",
          one.equals(measure) ? "true" : null);
    }
    html.close().close();
    new ScoresSection(html, table, measure).grid();
    html.open("p", "class", "muted policy");
    html.text(measure.higherIsBetter() ? "Higher is better. " : "Lower is better. ");
    html.text(table.policy()).close().close();
  }

  private static String heading(ScoreTable.Measure measure) {
    return measure.unit().isEmpty()
        ? measure.label()
        : measure.label() + " (" + measure.unit() + ")";
  }

  private void grid() {
    html.open(
        "div", "class", "scroll", "tabindex", "0", "role", "region", "aria-label", "Score table");
    html.open(
            "table",
            "class",
            "scores",
            "data-better",
            measure.higherIsBetter() ? "higher" : "lower")
        .leaf("caption", heading(measure), "class", "hidden");
    html.open("thead").open("tr").leaf("th", "Case", "scope", "col");
    table.columns().forEach(this::heading);
    html.close().close();
    double worst = worst();
    body("cases", rows(table.scores()), worst);
    body("summary", rows(table.summary()), worst);
    html.close().close();
  }

  private void heading(String column) {
    html.open("th", "scope", "col", "class", "number");
    html.leaf("button", column, "type", "button", "class", "sort", "title", "Sort, worst first");
    html.close();
  }

  /** Where the tints of a distance end: its largest finite figure. */
  private double worst() {
    return table.scores().stream()
        .map(score -> score.values().getOrDefault(measure.key(), Double.NaN))
        .filter(Double::isFinite)
        .mapToDouble(Math::abs)
        .max()
        .orElse(1);
  }

  private static Map<String, Map<String, ScoreTable.Score>> rows(List<ScoreTable.Score> scores) {
    Map<String, Map<String, ScoreTable.Score>> rows = new LinkedHashMap<>();
    for (ScoreTable.Score score : scores) {
      rows.computeIfAbsent(score.row(), row -> new LinkedHashMap<>()).put(score.column(), score);
    }
    return rows;
  }

  private void body(String kind, Map<String, Map<String, ScoreTable.Score>> rows, double worst) {
    html.open("tbody", "class", kind);
    rows.forEach(
        (name, cells) -> {
          html.open("tr").leaf("th", name, "scope", "row");
          for (String column : table.columns()) {
            ScoreTable.Score score = cells.get(column);
            cell(score == null ? null : score.values().get(measure.key()), worst);
          }
          html.close();
        });
    html.close();
  }

  private void cell(@Nullable Double value, double worst) {
    if (value == null || value.isNaN()) {
      html.leaf("td", Format.DASH, "class", "number muted", "title", "Undefined for this case");
      return;
    }
    String text =
        measure.unit().isEmpty()
            ? Format.share(value)
            : value.isInfinite()
                ? Format.figure(value)
                : String.format(java.util.Locale.ROOT, "%.2f", value);
    html.leaf(
        "td", text, "class", "number tint" + tint(value, worst), "data-value", value.toString());
  }

  private int tint(double value, double worst) {
    double share = measure.unit().isEmpty() ? value : value / (worst == 0 ? 1 : worst);
    double good = measure.higherIsBetter() ? share : 1 - share;
    return (int) Math.round(Math.max(0, Math.min(1, good)) * (TINTS - 1));
  }
}
