package org.voxbench.workflows.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.voxbench.workflows.Home;
import org.voxbench.workflows.coordinator.RunFiles;
import org.voxbench.workflows.journal.Run;
import org.voxbench.workflows.journal.RunState;
import picocli.CommandLine;

/** The sweep over the five benchmarks where it is given their data. */
class FiveDatasetsTest {

  private static final Path SWEEP = Path.of("..", "configs", "sweeps", "five-datasets.yaml");

  @TempDir private Path folder = Path.of("");

  private record Outcome(int code, String text) {}

  private Outcome voxbench(List<String> words) {
    StringWriter text = new StringWriter();
    CommandLine command =
        Main.commandLine().setOut(new PrintWriter(text, true)).setErr(new PrintWriter(text, true));
    return new Outcome(command.execute(words.toArray(new String[0])), text.toString());
  }

  private RawLayouts data(String name) throws IOException {
    RawLayouts data = new RawLayouts(folder.resolve("data/" + name));
    switch (name) {
      case "synapse" -> data.synapse();
      case "btcv" -> data.btcv();
      case "acdc" -> data.acdc();
      case "lung" -> data.lung();
      default -> data.brats();
    }
    return data;
  }

  /** Everything as shipped but the amount of work: all six steps of all five in their layouts. */
  @Test
  @Tag("slow")
  @Timeout(900)
  void eachRunsToItsReportOnDataInTheLayoutInWhichItIsHandedOut() throws IOException {
    List<String> words =
        new java.util.ArrayList<>(
            List.of("sweep", "run", SWEEP.toString(), "--home", folder.resolve("home").toString()));
    for (String name : List.of("synapse", "btcv", "acdc", "lung", "brats")) {
      words.addAll(List.of("--data", name + "=" + data(name).folder()));
    }
    for (String setting :
        List.of(
            "dataset.split={kind: random, fraction: 0.5, seed: 1}",
            "train.network={variant: nano, stem: [1, 4, 4], patch: [16, 32, 32], dropout: false}",
            "train.batch=1",
            "train.epochs=1",
            "train.iterationsPerEpoch=1",
            "train.precision=auto",
            "evaluate.overlap=0",
            "evaluate.mirror=false",
            "resources.threads=1")) {
      words.addAll(List.of("--set", setting));
    }

    Outcome outcome = voxbench(words);

    assertThat(outcome.code()).as(outcome.text()).isZero();
    Home home = new Home(folder.resolve("home"));
    List<Run> runs = RunFiles.all(home);
    assertThat(runs).hasSize(5).allMatch(run -> run.state() == RunState.SUCCEEDED);
    assertThat(runs)
        .extracting(Run::name)
        .containsExactlyInAnyOrder(
            "five-datasets-synapse",
            "five-datasets-btcv",
            "five-datasets-acdc",
            "five-datasets-lung",
            "five-datasets-brats");
    assertThat(runs).allSatisfy(run -> assertThat(run.metrics()).containsKey("dice.mean"));
  }

  /** The recipe leaves to the plan of each dataset what differs between them. */
  @ParameterizedTest
  @CsvSource({
    "synapse, synapse, 2, 3.0",
    "btcv, btcv, 2, 3.0",
    "acdc, acdc, 4, 5.0",
    "lung, lung, 2, 1.245",
    "brats, brats, 2, 1.0"
  })
  void eachTakesSpacingNetworkAndBatchFromThePlanOfItsDataset(
      String name, String variant, int batch, double spacing) throws IOException {
    Path file = Path.of("..", "configs", "datasets", name + ".yaml").toAbsolutePath().normalize();
    Path experiment = Path.of("..", "configs", "experiments", "published.yaml");
    Outcome outcome =
        voxbench(List.of("validate", experiment.toString(), "--set", "dataset.base=" + file));
    assertThat(outcome.code()).as(outcome.text()).isZero();
    var tree =
        new org.voxbench.workflows.config.ExperimentFile(java.util.Map.of())
            .read(experiment, List.of("dataset.base=" + file))
            .tree();
    assertThat(tree.at("/train/network/variant").asText()).isEqualTo(variant);
    assertThat(tree.at("/train/batch").asInt()).isEqualTo(batch);
    assertThat(tree.at("/preprocess/spacing/0").asDouble()).isEqualTo(spacing);
  }
}
