package org.voxbench.steps.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.voxbench.steps.evaluate.AsPublished;
import org.voxbench.steps.evaluate.CaseScore;
import org.voxbench.steps.evaluate.Counts;
import org.voxbench.steps.evaluate.Distances;
import org.voxbench.steps.evaluate.Overall;
import org.voxbench.steps.evaluate.Scores;
import org.voxbench.steps.evaluate.StructureScore;
import org.voxbench.steps.evaluate.StructureSummary;

/** The tables of a report. */
final class Tables {

  private Tables() {}

  /** Dice and distances per class, then the means over classes. */
  static Table classes(Scores scores) {
    List<List<String>> rows = new ArrayList<>();
    for (StructureSummary one : scores.structures()) {
      rows.add(
          List.of(
              one.name(),
              one.published() ? "yes" : "",
              Integer.toString(one.dice().n()),
              Numbers.dice(one.dice()),
              Numbers.dice(one.dice().median()),
              Numbers.length(one.hd95()),
              Numbers.length(one.hd95().median()),
              Numbers.length(one.assd())));
    }
    rows.add(mean("mean over published classes", scores.published()));
    rows.add(mean("mean over all classes", scores.all()));
    return new Table(
        List.of(
            "class",
            "published",
            "cases",
            "Dice, mean ± sd over cases",
            "Dice, median",
            "HD95 (mm), mean ± sd over cases",
            "HD95 (mm), median",
            "ASSD (mm), mean ± sd over cases"),
        rows,
        2);
  }

  private static List<String> mean(String title, Overall overall) {
    return List.of(
        title,
        "",
        overall.structures() + (overall.structures() == 1 ? " class" : " classes"),
        Numbers.dice(overall.dice()),
        "",
        Numbers.length(overall.hd95()),
        "",
        Numbers.length(overall.assd()));
  }

  /** What became of the expected cases per class. */
  static Table counts(Scores scores) {
    List<List<String>> rows = new ArrayList<>();
    for (StructureSummary one : scores.structures()) {
      Counts counts = one.counts();
      rows.add(
          List.of(
              one.name(),
              Integer.toString(counts.expected()),
              Integer.toString(counts.measured()),
              Integer.toString(counts.missed()),
              Integer.toString(counts.invented()),
              Integer.toString(counts.absent()),
              Integer.toString(counts.failed()),
              counts.emptyEverywhere() ? "left out: no voxel in any case" : ""));
    }
    return new Table(
        List.of("class", "expected", "measured", "missed", "invented", "absent", "failed", "note"),
        rows,
        0);
  }

  /** The same masks by the published rules, beside ours. */
  static Table asPublished(Scores scores) {
    List<List<String>> rows = new ArrayList<>();
    for (StructureSummary one : scores.structures()) {
      rows.add(published(one.name(), one.dice().mean(), one.hd95().mean(), one.asPublished()));
    }
    Overall published = scores.published();
    rows.add(
        published(
            "mean over published classes",
            published.dice(),
            published.hd95(),
            published.asPublished()));
    return new Table(
        List.of("class", "Dice", "Dice as published", "HD95 (mm)", "HD95 as published (voxels)"),
        rows,
        1);
  }

  private static List<String> published(
      String name, @Nullable Double dice, @Nullable Double hd95, @Nullable AsPublished published) {
    return List.of(
        name,
        Numbers.dice(dice),
        published == null ? Numbers.NONE : Numbers.dice(published.dice()),
        Numbers.length(hd95),
        published == null ? Numbers.NONE : Numbers.length(published.hd95Voxels()));
  }

  static Table diceByCase(Scores scores) {
    return byCase(scores, score -> Numbers.dice(score.dice()), Tables::meanDice);
  }

  static Table hd95ByCase(Scores scores) {
    return byCase(
        scores, score -> Numbers.length(hd95(score)), one -> Numbers.length(meanHd95(one)));
  }

  private static Table byCase(
      Scores scores, Function<StructureScore, String> figure, Function<CaseScore, String> mean) {
    List<String> header = new ArrayList<>(List.of("case"));
    scores.structures().forEach(one -> header.add(one.name()));
    header.add("mean");
    List<List<String>> rows = new ArrayList<>();
    for (CaseScore one : scores.cases()) {
      List<String> row =
          new ArrayList<>(List.of(one.failed() ? one.name() + " (failed)" : one.name()));
      for (StructureSummary structure : scores.structures()) {
        row.add(one.score(structure.key()).map(figure).orElse(Numbers.NONE));
      }
      row.add(mean.apply(one));
      rows.add(row);
    }
    return new Table(header, rows, 0);
  }

  private static @Nullable Double hd95(StructureScore score) {
    Distances distances = score.distances();
    return distances == null ? null : Double.valueOf(distances.hd95());
  }

  private static String meanDice(CaseScore one) {
    return Numbers.dice(WorstCases.meanDice(one));
  }

  private static @Nullable Double meanHd95(CaseScore one) {
    return WorstCases.mean(one, Tables::hd95);
  }

  /** The cases that were set aside before anybody learnt from them. */
  static Table quarantined(Quarantined quarantined) {
    return new Table(
        List.of("case", "consequence", "reason"),
        quarantined.cases().stream()
            .map(one -> List.of(one.id(), one.consequence(), one.reason()))
            .toList(),
        0);
  }

  static Table facts(Map<String, String> facts) {
    return new Table(
        List.of("network", "value"),
        facts.entrySet().stream().map(one -> List.of(one.getKey(), one.getValue())).toList(),
        0);
  }
}
