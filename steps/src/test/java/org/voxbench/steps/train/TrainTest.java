package org.voxbench.steps.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.voxbench.model.UnetrPlusPlusConfig;
import org.voxbench.model.Weights;
import org.voxbench.model.pytorch.WeightFiles;
import org.voxbench.steps.PermanentStepException;
import org.voxbench.steps.StepResult;
import org.voxbench.steps.StepStoppedException;
import org.voxbench.steps.StopSignal;
import org.voxbench.steps.checkpoint.NetworkDescription;

class TrainTest {

  /** Three epochs of four iterations on a network of a few thousand weights. */
  private static final String SMALL =
      "{'network': {'variant': 'nano', 'patch': [16, 32, 32], 'widths': [4, 8, 16, 32]},"
          + " 'epochs': 3, 'iterationsPerEpoch': 4, 'batch': 2, 'foreground': 0.5,"
          + " 'precision': 'float32', 'optimizer': {'kind': 'adamw', 'learningRate': 0.003},"
          + " 'augmentation': 'published', 'validation': {'batches': 2}}";

  private static final String LAST = "checkpoints/iteration-000000012";

  private static Path whole = Path.of("");
  private static StepResult result = StepResult.empty();
  private static final Told toldOfWhole = new Told();

  private final Told told = new Told();
  private final Path folder;
  private TinyDataset dataset;

  TrainTest(@TempDir Path folder) throws IOException {
    this.folder = folder;
    dataset = TinyDataset.write(folder.resolve("prepared"));
  }

  @BeforeAll
  static void trainWithoutStopping(@TempDir Path shared) throws IOException {
    whole = shared.resolve("whole");
    TinyDataset dataset = TinyDataset.write(shared.resolve("prepared"));
    result =
        new Train(TinyDataset.natives())
            .run(
                dataset.request(20, SMALL),
                dataset.context(whole, Optional.empty(), toldOfWhole, () -> false));
  }

  @Test
  void aTrainingLeavesCheckpointsTablesAndTheNetworksDescription() throws IOException {
    assertThat(result.artifacts())
        .containsExactly("history.csv", "iterations.csv", "network.json")
        .allSatisfy(name -> assertThat(whole.resolve(name)).isRegularFile());
    assertThat(Files.readAllLines(whole.resolve("history.csv")))
        .hasSize(4)
        .first()
        .isEqualTo(
            "epoch,iterations,learning_rate,train_loss,validation_loss,validation_dice,"
                + "validation_average,dice_1,dice_2");
    assertThat(Files.readAllLines(whole.resolve("iterations.csv"))).hasSize(13);
    assertThat(whole.resolve(LAST)).isDirectoryContaining("glob:**training.safetensors");
    assertThat(result.metrics()).containsKey("validation.average");
    assertThat(toldOfWhole.metrics())
        .contains("train.loss", "train.learningRate", "train.epochSeconds", "validation.dice");
    assertThat(toldOfWhole.progress()).endsWith("iterations 11/12", "iterations 12/12");
  }

  @Test
  void aTrainingStoppedAmidAnEpochAndResumedEqualsOneNeverStopped() throws IOException {
    assertThatThrownBy(() -> train("first", SMALL, Optional.empty(), told.stopAfter(6)))
        .isInstanceOf(StepStoppedException.class)
        .hasMessageContaining("after 6 of 12 iterations (epoch 2 of 3)")
        .hasMessageContaining("the next attempt goes on from it");

    train("second", SMALL, Optional.of(folder.resolve("first")), () -> false);

    assertThat(told.notes()).anyMatch(note -> note.contains("goes on from iteration-000000006"));
    assertSameOutput(folder.resolve("second"), whole);
  }

  @Test
  void aTrainingKilledAtAnyMomentAndResumedEqualsOneNeverStopped() throws IOException {
    told.killAfter(10);
    assertThatThrownBy(() -> train("first", SMALL, Optional.empty(), () -> false))
        .isInstanceOf(Told.Killed.class);
    told.killAfter(Long.MAX_VALUE);

    train("second", SMALL, Optional.of(folder.resolve("first")), () -> false);

    assertThat(told.notes()).anyMatch(note -> note.contains("goes on from iteration-000000008"));
    assertSameOutput(folder.resolve("second"), whole);
  }

  @Test
  void withoutEpochsGivenWeightsArePublishedAsTheyAre() throws IOException {
    Weights given = Weights.initial(NetworkDescription.read(whole).network(), 99);
    Path file = folder.resolve("given.pt");
    WeightFiles.writeStateDict(given, file);

    train(
        "untrained",
        from(file).replace("'epochs': 3", "'epochs': 0"),
        Optional.empty(),
        () -> false);

    Weights kept =
        Weights.read(
            folder.resolve("untrained/checkpoints/iteration-000000000/training.safetensors"));
    assertThat(kept.tensors()).containsAllEntriesOf(given.tensors());
  }

  @Test
  void aTrainingStartsFromGivenWeights() throws IOException {
    Path file = folder.resolve("given.safetensors");
    Weights.initial(NetworkDescription.read(whole).network(), 99).write(file);

    train("tuned", from(file).replace("'epochs': 3", "'epochs': 1"), Optional.empty(), () -> false);

    assertThat(firstLoss(folder.resolve("tuned"))).isNotEqualTo(firstLoss(whole));
  }

  @Test
  void weightsOfAnotherNetworkAreRefusedWithTheirFirstDifferences() throws IOException {
    Path file = folder.resolve("nano.safetensors");
    Weights.initial(UnetrPlusPlusConfig.variant("nano", 1, 3), 1).write(file);

    assertThatThrownBy(() -> train("refused", from(file), Optional.empty(), () -> false))
        .isInstanceOf(PermanentStepException.class)
        .hasMessageContaining("train.network.weights: the weights do not fit the network")
        .hasMessageContaining("downsample_layers.0.0.conv.weight: expected [4, 1, 2, 4, 4]");
  }

  private static String from(Path weights) {
    return SMALL.replace(
        "'variant': 'nano'", "'variant': 'nano', 'weights': '%s'".formatted(weights));
  }

  private static String firstLoss(Path trained) throws IOException {
    return Files.readAllLines(trained.resolve("iterations.csv")).get(1);
  }

  @Test
  void aSpoiledCheckpointIsNamedAndTheOneBeforeItUsed() throws IOException {
    Path spoiled = folder.resolve("spoiled");
    for (String file : TinyDataset.files(whole)) {
      Files.createDirectories(spoiled.resolve(file).resolve(".."));
      Files.copy(whole.resolve(file), spoiled.resolve(file));
    }
    Path tensors = spoiled.resolve(LAST).resolve("training.safetensors");
    byte[] bytes = Files.readAllBytes(tensors);
    bytes[bytes.length / 2] ^= 1;
    Files.write(tensors, bytes);

    train("second", SMALL, Optional.of(spoiled), () -> false);

    assertThat(told.notes())
        .anyMatch(
            note ->
                note.startsWith(
                    "checkpoint iteration-000000012 is not used: training.safetensors has"))
        .anyMatch(note -> note.contains("goes on from iteration-000000008"));
    assertSameOutput(folder.resolve("second"), whole);
  }

  @Test
  void anotherSeedGivesAnotherLoss() throws IOException {
    assertThatThrownBy(
            () ->
                new Train(TinyDataset.natives())
                    .run(
                        dataset.request(21, SMALL),
                        dataset.context(
                            folder.resolve("other"), Optional.empty(), told, told.stopAfter(1))))
        .isInstanceOf(StepStoppedException.class);

    assertThat(Files.readAllLines(folder.resolve("other/iterations.csv")).get(1))
        .isNotEqualTo(Files.readAllLines(whole.resolve("iterations.csv")).get(1));
  }

  @Test
  void aTrainingThatDivergesGoesBackThreeTimesAndThenSaysWhatToChange() {
    String wild =
        SMALL
            .replace("0.003", "10")
            .replace("adamw", "sgd")
            .replace("}}", "}, 'gradientClip': 1e9}");

    assertThatThrownBy(() -> train("wild", wild, Optional.empty(), () -> false))
        .isInstanceOf(PermanentStepException.class)
        .hasMessageContaining("training diverged")
        .hasMessageContaining("Lower train.optimizer.learningRate (now 10.0)");
    assertThat(told.notes())
        .filteredOn(note -> note.contains("goes on from"))
        .hasSize(3)
        .last()
        .asString()
        .contains("learning rates times 0.125 (return 3 of 3)");
  }

  @Test
  void aDatasetWithoutForegroundIsRefused() throws IOException {
    dataset = TinyDataset.writeEmpty(folder.resolve("empty"));

    assertThatThrownBy(() -> train("none", SMALL, Optional.empty(), () -> false))
        .isInstanceOf(PermanentStepException.class)
        .hasMessageContaining("expected voxels of [liver, spleen] in the training cases");
  }

  @Test
  void anImpossiblePatchIsRefusedByItsKey() {
    assertThatThrownBy(
            () ->
                train(
                    "bad",
                    SMALL.replace("[16, 32, 32]", "[16, 32, 40]"),
                    Optional.empty(),
                    () -> false))
        .hasMessageContaining("train.network.patch: expected a patch of 8 strides of the stem")
        .hasMessageContaining("but found patch [16, 32, 40]");
  }

  @Test
  void aPatchLargerThanTheCasesIsSaidToBePadded() {
    String deep = SMALL.replace("[16, 32, 32]", "[32, 32, 32]");

    assertThatThrownBy(() -> train("padded", deep, Optional.empty(), () -> true))
        .isInstanceOf(StepStoppedException.class)
        .hasMessageContaining("nothing was learnt yet");
    assertThat(told.notes())
        .anyMatch(note -> note.contains("32 voxels along z are more than 2 of 2"));
  }

  private StepResult train(String name, String config, Optional<Path> earlier, StopSignal stop)
      throws IOException {
    return new Train(TinyDataset.natives())
        .run(
            dataset.request(20, config),
            dataset.context(folder.resolve(name), earlier, told, stop));
  }

  private static void assertSameOutput(Path found, Path expected) throws IOException {
    assertThat(TinyDataset.files(found)).isEqualTo(TinyDataset.files(expected));
    for (String file : TinyDataset.files(expected)) {
      assertThat(found.resolve(file)).as(file).hasSameBinaryContentAs(expected.resolve(file));
    }
  }
}
