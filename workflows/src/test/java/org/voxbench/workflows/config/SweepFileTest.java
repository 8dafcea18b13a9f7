package org.voxbench.workflows.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SweepFileTest {

  @TempDir private Path folder = Path.of("");

  @BeforeEach
  void writeExperiment() throws IOException {
    Files.writeString(folder.resolve("e.yaml"), ConfigFolder.SMALL);
    Files.writeString(
        folder.resolve("f.yaml"), ConfigFolder.SMALL.replace("name: small", "name: other"));
  }

  private Sweep read(String text) {
    return read(text, Map.of());
  }

  private Sweep read(String text, Map<String, Path> data) {
    try {
      Path file = Files.writeString(folder.resolve("s.yaml"), text);
      return new SweepFile(Map.of()).read(file, List.of(), data);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void everyCombinationIsACellAndTheFirstAxisIsTheSlowest() {
    Sweep sweep =
        read("name: s\nexperiment: e.yaml\nmatrix: {train.epochs: [2, 3], seed: [1, 2, 3]}");

    assertThat(sweep.cells())
        .extracting(Sweep.Cell::label)
        .containsExactly(
            "train.epochs=2, seed=1",
            "train.epochs=2, seed=2",
            "train.epochs=2, seed=3",
            "train.epochs=3, seed=1",
            "train.epochs=3, seed=2",
            "train.epochs=3, seed=3");
    assertThat(sweep.cells().get(4).experiment().seed()).isEqualTo(2);
    assertThat(sweep.cells().get(4).experiment().tree().path("train").path("epochs").asInt())
        .isEqualTo(3);
  }

  @Test
  void theOrderOfAxesCanBeChosen() {
    Sweep sweep =
        read(
            "name: s\nexperiment: e.yaml\norder: [seed]\n"
                + "matrix: {train.epochs: [2, 3], seed: [1, 2]}");

    assertThat(sweep.cells().get(1).label()).isEqualTo("seed=1, train.epochs=3");
  }

  @Test
  void cellsAreLeftOutAndAdded() {
    Sweep sweep =
        read(
            """
            name: s
            experiment: e.yaml
            matrix: {seed: [1, 2], train.epochs: [2, 3]}
            exclude: [{seed: 1, train.epochs: 3}]
            include: [{seed: 9, train.batch: 4}]
            """);

    assertThat(sweep.cells())
        .extracting(Sweep.Cell::label)
        .containsExactly(
            "seed=1, train.epochs=2",
            "seed=2, train.epochs=2",
            "seed=2, train.epochs=3",
            "seed=9, train.batch=4");
  }

  @Test
  void aChoiceTakesRealDataWhereItIsGiven() {
    String text =
        """
        name: s
        matrix:
          dataset:
            one: {experiment: e.yaml, data: {experiment: f.yaml, set: {seed: 5}}}
            two: {experiment: e.yaml}
        """;
    Sweep phantoms = read(text);
    Sweep real = read(text, Map.of("one", Path.of("/data/one")));

    assertThat(phantoms.cells().get(0).experiment().seed()).isNotEqualTo(5);
    assertThat(real.cells().get(0).experiment().seed()).isEqualTo(5);
    assertThat(real.cells().get(0).experiment().tree().at("/dataset/source/path").asText())
        .isEqualTo("/data/one");
    assertThat(real.cells().get(1).experiment()).isEqualTo(phantoms.cells().get(1).experiment());
    assertThatThrownBy(() -> read(text, Map.of("two", Path.of("/x"))))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("--data two")
        .hasMessageContaining("[one]");
  }

  @Test
  void aMillionCellsAreRefusedWithTheCount() {
    String ten = "[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]";
    StringBuilder text = new StringBuilder("name: s\nexperiment: e.yaml\nmatrix:\n");
    for (String axis : List.of("a", "b", "c", "d", "e", "f")) {
      text.append("  ").append(axis).append(": ").append(ten).append('\n');
    }

    assertThatThrownBy(() -> read(text.toString()))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("expected at most 10000 cells but found 1000000 cells");
  }

  @Test
  void aBadCellIsNamedWithItsValues() {
    assertThatThrownBy(() -> read("name: s\nexperiment: e.yaml\nmatrix: {train.epochs: [1, -2]}"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("train.epochs")
        .hasMessageContaining("in the cell train.epochs=-2");
  }

  @Test
  void whatIsWrongWithManyCellsIsToldOnceWhereTheSweepSaysIt() {
    String matrix =
        "matrix: {train.epochs: [1, -2], seed: [1, x], batch: {a: {set: {train.batch: 0}}}}";

    assertThatThrownBy(() -> read("name: s\nexperiment: e.yaml\n" + matrix))
        .hasMessageContaining(":3:28: train.epochs: expected")
        .hasMessageContaining(":3:43: seed: expected a whole number")
        .hasMessageContaining(":3:78: train.batch: expected")
        .hasMessageContaining("in 2 cells, first train.epochs=-2, seed=1, batch=a of")
        .hasMessageContaining("in 4 cells, first train.epochs=1, seed=1, batch=a of");
  }

  @Test
  void unknownKeysAndAxesWithoutValuesAreNamed() {
    assertThatThrownBy(() -> read("name: s\nexperiment: e.yaml\nmatirx: {seed: [1]}"))
        .hasMessageContaining("matirx")
        .hasMessageContaining("matrix");
    assertThatThrownBy(() -> read("name: s\nexperiment: e.yaml\nmatrix: {seed: []}"))
        .hasMessageContaining("matrix.seed: expected a list of values");
    assertThatThrownBy(() -> read("name: s\nmatrix: {seed: [1]}"))
        .hasMessageContaining("experiment");
  }

  @Test
  void aScheduleThatCannotBeReadOrNeverFiresIsToldWhereItStands() {
    String start = "name: s\nexperiment: e.yaml\nmatrix: {seed: [1]}\nschedule: ";

    assertThatThrownBy(() -> read(start + "{cron: every day, zone: Europe/Berlinn}"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining(":4:18: schedule.cron: expected seconds minutes hours")
        .hasMessageContaining("but found \"every day\"")
        .hasMessageContaining(":4:35: schedule.zone: expected a time zone");
    assertThatThrownBy(() -> read(start + "{cron: \"0 0 3 31 2 ?\"}"))
        .hasMessageContaining(":4:18: schedule.cron: expected one that fires")
        .hasMessageContaining("it never does");
    assertThat(read(start + "{cron: \"0 0 3 ? * * 2020\"}").schedule())
        .as("one that is over does not keep the sweep from being run")
        .isPresent();
  }

  @Test
  void theNameAndTheResourcesDoNotChangeWhatACellIs() {
    Sweep one = read("name: s\nexperiment: e.yaml\nmatrix: {seed: [1]}");
    Sweep two =
        read("name: t\nexperiment: e.yaml\nset: {resources.threads: 1}\nmatrix: {seed: [1, 2]}");

    String digest = one.cells().get(0).experiment().digest(Map.of("train", 1));
    assertThat(two.cells().get(0).experiment().digest(Map.of("train", 1))).isEqualTo(digest);
    assertThat(two.cells().get(1).experiment().digest(Map.of("train", 1))).isNotEqualTo(digest);
    assertThat(one.cells().get(0).experiment().digest(Map.of("train", 2))).isNotEqualTo(digest);
  }
}
