package org.voxbench.steps.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ScoreTableTest {

  @Test
  void namesWithQuotesCommasAndFormulasAreDisarmed(@TempDir Path folder) throws IOException {
    Structure structure = new Structure("1", "=1+1, \"tumour\"", Set.of(1), true);
    CaseScore failed =
        new CaseScoring(List.of(structure)).failed("a,b", "line one\nline two", 12.5);
    ScoreTable.write(
        folder.resolve("scores.csv"), Scores.of("listed", List.of(structure), List.of(failed)));
    assertThat(Files.readString(folder.resolve("scores.csv")))
        .endsWith(
            "\r\n\"a,b\",1,\"'=1+1, \"\"tumour\"\"\",failed,0.0,12.5,12.5,12.5,0,0,,,"
                + "\"line one\nline two\"\r\n");
  }

  @Test
  void theStandardDeviationIsTheSamplesAndNeedsTwoCases() {
    Statistic statistic = Statistic.of(List.of(1.0, 2.0, 4.0));
    assertThat(statistic.mean()).isEqualTo(7.0 / 3);
    assertThat(statistic.median()).isEqualTo(2.0);
    assertThat(statistic.sd()).isCloseTo(Math.sqrt(7.0 / 3), within(1e-12));
    assertThat(Statistic.of(List.of(1.0)).sd()).isNull();
    assertThat(Statistic.of(List.of()).mean()).isNull();
  }

  @Test
  void scoresSurviveWritingAndReading(@TempDir Path folder) throws IOException {
    Structure structure = new Structure("1", "liver", Set.of(1), true);
    Lattice lattice = new Lattice(2, 2, 2, 1, 1, 1);
    assertThat(lattice.diagonal()).isEqualTo(Math.sqrt(12));
    CaseScore failed = new CaseScoring(List.of(structure)).failed("a", "why", 3);
    Scores scores = Scores.of("random", List.of(structure), List.of(failed));
    Files.write(folder.resolve(Scores.FILE), Scores.JSON.writeValueAsBytes(scores));
    assertThat(Scores.read(folder)).isEqualTo(scores);
  }
}
