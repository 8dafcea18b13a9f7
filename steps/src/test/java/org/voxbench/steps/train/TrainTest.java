package org.voxbench.steps.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.voxbench.steps.PermanentStepException;
import org.voxbench.steps.StepResult;
import org.voxbench.steps.StepStoppedException;
import org.voxbench.steps.StopSignal;
import org.voxbench.steps.checkpoint.CheckpointStore;

class TrainTest {

  /** Three epochs of four iterations on a network of a few thousand weights. */
  private static final String SMALL =
      "{'network': {'variant': 'nano', 'patch': [16, 32, 32], 'widths': [4, 8, 16, 32]},"
          + " 'epochs': 3, 'iterationsPerEpoch': 4, 'batch': 2, 'foreground': 0.5,"
          + " 'precision': 'float32', 'optimizer': {'kind': 'adamw', 'learningRate': 0.003},"
          + " 'augmentation': 'published', 'validation': {'batches': 2}}";

  private static final String LAST = "checkpoints/iteration-000000012";

  private final Told told = new Told();
  private final Path folder;
  private TinyDataset dataset;

  TrainTest(@TempDir Path folder) throws IOException {
    this.folder = folder;
    dataset = TinyDataset.write(folder.resolve("prepared"));
  }

  @Test
  void aTrainingLeavesCheckpointsTablesAndTheNetworksDescription() throws IOException {
    StepResult result = train("whole", SMALL, Optional.empty(), () -> false);

    Path output = folder.resolve("whole");
    assertThat(result.artifacts())
        .containsExactly("history.csv", "iterations.csv", "network.json")
        .allSatisfy(name -> assertThat(output.resolve(name)).isRegularFile());
    assertThat(Files.readAllLines(output.resolve("history.csv")))
        .hasSize(4)
        .first()
        .isEqualTo(
            "epoch,iterations,learning_rate,train_loss,validation_loss,validation_dice,"
                + "validation_average,dice_1,dice_2");
    assertThat(Files.readAllLines(output.resolve("iterations.csv"))).hasSize(13);
    assertThat(output.resolve(LAST)).isDirectoryContaining("glob:**weights.safetensors");
    assertThat(result.metrics()).containsKey("validation.average");
    assertThat(told.metrics())
        .contains("train.loss", "train.learningRate", "train.epochSeconds", "validation.dice");
    assertThat(told.progress()).endsWith("iterations 11/12", "iterations 12/12");
  }

  @Test
  void aTrainingStoppedAmidAnEpochAndResumedEqualsOneNeverStopped() throws IOException {
    train("whole", SMALL, Optional.empty(), () -> false);
    assertThatThrownBy(() -> train("first", SMALL, Optional.empty(), told.stopAfter(6)))
        .isInstanceOf(StepStoppedException.class)
        .hasMessageContaining("after 6 of 12 iterations (epoch 2 of 3)")
        .hasMessageContaining("the next attempt goes on from it");

    train("second", SMALL, Optional.of("first"), () -> false);

    assertThat(told.notes()).anyMatch(note -> note.contains("goes on from iteration-000000006"));
    assertSameOutput("second", "whole");
  }

  @Test
  void aTrainingKilledAtAnyMomentAndResumedEqualsOneNeverStopped() throws IOException {
    train("whole", SMALL, Optional.empty(), () -> false);
    told.killAfter(10);
    assertThatThrownBy(() -> train("first", SMALL, Optional.empty(), () -> false))
        .isInstanceOf(Told.Killed.class);
    told.killAfter(Long.MAX_VALUE);

    train("second", SMALL, Optional.of("first"), () -> false);

    assertThat(told.notes()).anyMatch(note -> note.contains("goes on from iteration-000000008"));
    assertSameOutput("second", "whole");
  }

  @Test
  void aSpoiledCheckpointIsNamedAndTheOneBeforeItUsed() throws IOException {
    train("whole", SMALL, Optional.empty(), () -> false);
    Path spoiled = folder.resolve("whole").resolve(LAST).resolve("training.safetensors");
    byte[] bytes = Files.readAllBytes(spoiled);
    bytes[bytes.length / 2] ^= 1;
    Files.write(spoiled, bytes);

    train("second", SMALL, Optional.of("whole"), () -> false);

    assertThat(told.notes())
        .anyMatch(
            note ->
                note.startsWith(
                    "checkpoint iteration-000000012 is not used: training.safetensors has"))
        .anyMatch(note -> note.contains("goes on from iteration-000000008"));
    Files.delete(spoiled);
    assertThat(weights("second")).isEqualTo(weights("whole"));
  }

  @Test
  void anotherSeedGivesOtherWeights() throws IOException {
    train("whole", SMALL, Optional.empty(), () -> false);
    new Train(TinyDataset.natives())
        .run(
            dataset.request(21, SMALL),
            dataset.context(folder.resolve("other"), Optional.empty(), told, () -> false));

    assertThat(weights("other")).isNotEqualTo(weights("whole"));
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
        .isInstanceOf(PermanentStepException.class)
        .hasMessageContaining("train.network: patch: axis x has 40 voxels");
  }

  @Test
  void aPatchLargerThanTheCasesIsSaidToBePadded() throws IOException {
    train(
        "padded",
        SMALL.replace("[16, 32, 32]", "[32, 32, 32]").replace("'epochs': 3", "'epochs': 1"),
        Optional.empty(),
        () -> false);

    assertThat(told.notes())
        .anyMatch(note -> note.contains("32 voxels along z are more than 2 of 2"));
  }

  private StepResult train(String name, String config, Optional<String> earlier, StopSignal stop)
      throws IOException {
    return new Train(TinyDataset.natives())
        .run(
            dataset.request(20, config),
            dataset.context(folder.resolve(name), earlier.map(folder::resolve), told, stop));
  }

  private byte[] weights(String name) throws IOException {
    return Files.readAllBytes(folder.resolve(name).resolve(LAST).resolve(CheckpointStore.WEIGHTS));
  }

  private void assertSameOutput(String found, String expected) throws IOException {
    assertThat(TinyDataset.files(folder.resolve(found)))
        .isEqualTo(TinyDataset.files(folder.resolve(expected)));
    for (String file : TinyDataset.files(folder.resolve(expected))) {
      assertThat(folder.resolve(found).resolve(file))
          .as(file)
          .hasSameBinaryContentAs(folder.resolve(expected).resolve(file));
    }
  }
}
