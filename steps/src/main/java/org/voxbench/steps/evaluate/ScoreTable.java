package org.voxbench.steps.evaluate;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.voxbench.steps.AtomicFiles;

/** Scores as comma-separated values (RFC 4180): one line per case and structure, full precision. */
public final class ScoreTable {

  /** The file below the step's output folder. */
  public static final String FILE = "scores.csv";

  private static final String HEADER =
      "case,class,name,outcome,dice,hd95_mm,hd_mm,assd_mm,truth_voxels,prediction_voxels,"
          + "dice_as_published,hd95_voxels_as_published,failure";

  private ScoreTable() {}

  /** Writes the table; figures that do not exist are empty. */
  public static void write(Path file, Scores scores) throws IOException {
    List<String> lines = new ArrayList<>(List.of(HEADER));
    for (CaseScore one : scores.cases()) {
      for (StructureSummary structure : scores.structures()) {
        one.score(structure.key()).ifPresent(score -> lines.add(line(one, structure, score)));
      }
    }
    String text = String.join("\r\n", lines) + "\r\n";
    AtomicFiles.write(file, text.getBytes(StandardCharsets.UTF_8));
  }

  private static String line(CaseScore one, StructureSummary structure, StructureScore score) {
    Distances distances = score.distances();
    AsPublished published = score.asPublished();
    return Stream.of(
            one.name(),
            structure.key(),
            structure.name(),
            score.outcome().name().toLowerCase(java.util.Locale.ROOT),
            text(score.dice()),
            text(distances == null ? null : Double.valueOf(distances.hd95())),
            text(distances == null ? null : Double.valueOf(distances.hd())),
            text(distances == null ? null : Double.valueOf(distances.assd())),
            Long.toString(score.truthVoxels()),
            Long.toString(score.predictionVoxels()),
            text(published == null ? null : Double.valueOf(published.dice())),
            text(published == null ? null : Double.valueOf(published.hd95Voxels())),
            one.failure())
        .map(ScoreTable::field)
        .collect(Collectors.joining(","));
  }

  private static String text(@Nullable Double value) {
    return Objects.toString(value, "");
  }

  /** Quotes where needed; a leading sign that a spreadsheet would run as a formula is disarmed. */
  private static String field(String text) {
    String safe = text.matches("(?s)[=+@\\t\\r-].*") ? "'" + text : text;
    return safe.matches("(?s).*[\",\\r\\n].*") ? '"' + safe.replace("\"", "\"\"") + '"' : safe;
  }
}
