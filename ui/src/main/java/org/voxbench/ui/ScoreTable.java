package org.voxbench.ui;

import java.util.List;
import java.util.Map;

/**
 * Scores by case (rows) and class (columns), as computed by the evaluation; the pages compute
 * nothing anew.
 *
 * @param measures what was measured, in the order to offer
 * @param columns headings in order: class names, and any column that sums them up, such as {@code
 *     mean}
 * @param scores one cell each; cases become rows in the order of their first cell
 * @param summary cells of the rows below the cases, such as {@code mean} over all cases; same
 *     columns
 * @param policy one sentence on what was counted how, such as empty masks; may be empty
 */
public record ScoreTable(
    List<Measure> measures,
    List<String> columns,
    List<Score> scores,
    List<Score> summary,
    String policy) {

  public ScoreTable {
    measures = List.copyOf(measures);
    columns = List.copyOf(columns);
    scores = List.copyOf(scores);
    summary = List.copyOf(summary);
  }

  /**
   * A measured quantity.
   *
   * @param key names it in {@link Score#values()}, such as {@code hd95}
   * @param label heading, such as {@code HD95}
   * @param unit such as {@code mm}; empty for none
   * @param higherIsBetter which end is good
   */
  public record Measure(String key, String label, String unit, boolean higherIsBetter) {}

  /**
   * The figures of one cell.
   *
   * @param row the case, or the name of a summary row
   * @param column one of the table's columns
   * @param values by key of the measure; a measure left out or NaN is undefined here and drawn as a
   *     dash
   */
  public record Score(String row, String column, Map<String, Double> values) {

    public Score {
      values = Map.copyOf(values);
    }
  }
}
