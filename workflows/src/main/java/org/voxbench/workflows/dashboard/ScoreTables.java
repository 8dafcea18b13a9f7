package org.voxbench.workflows.dashboard;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.voxbench.steps.evaluate.CaseScore;
import org.voxbench.steps.evaluate.Distances;
import org.voxbench.steps.evaluate.Scores;
import org.voxbench.steps.evaluate.StructureScore;
import org.voxbench.steps.evaluate.StructureSummary;
import org.voxbench.ui.ScoreTable;
import org.voxbench.ui.ScoreTable.Measure;
import org.voxbench.ui.ScoreTable.Score;

/** Adapts the scores of an evaluation to the table that the page draws. */
final class ScoreTables {

  private static final List<Measure> MEASURES =
      List.of(
          new Measure("dice", "Dice", "", true),
          new Measure("hd95", "HD95", "mm", false),
          new Measure("assd", "ASSD", "mm", false));

  private ScoreTables() {}

  /** Reads the scores in an evaluate step's output folder. */
  static ScoreTable read(Path output) {
    try {
      return of(Scores.read(output));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ScoreTable of(Scores scores) {
    Map<String, String> names = new HashMap<>();
    scores.structures().forEach(structure -> names.put(structure.key(), structure.name()));
    List<Score> cells = new ArrayList<>();
    for (CaseScore one : scores.cases()) {
      for (StructureScore score : one.scores()) {
        cells.add(
            new Score(one.name(), names.getOrDefault(score.key(), score.key()), figures(score)));
      }
    }
    List<Score> means = new ArrayList<>();
    for (StructureSummary structure : scores.structures()) {
      means.add(new Score("mean", structure.name(), figures(structure)));
    }
    List<String> columns = scores.structures().stream().map(StructureSummary::name).toList();
    return new ScoreTable(MEASURES, columns, cells, means, String.join(" ", scores.policy()));
  }

  private static Map<String, Double> figures(StructureScore score) {
    Distances distances = score.distances();
    return figures(
        score.dice(),
        distances == null ? null : distances.hd95(),
        distances == null ? null : distances.assd());
  }

  private static Map<String, Double> figures(StructureSummary structure) {
    return figures(structure.dice().mean(), structure.hd95().mean(), structure.assd().mean());
  }

  private static Map<String, Double> figures(
      @Nullable Double dice, @Nullable Double hd95, @Nullable Double assd) {
    Map<String, Double> figures = new HashMap<>();
    put(figures, "dice", dice);
    put(figures, "hd95", hd95);
    put(figures, "assd", assd);
    return figures;
  }

  private static void put(Map<String, Double> figures, String key, @Nullable Double value) {
    if (value != null) {
      figures.put(key, value);
    }
  }
}
