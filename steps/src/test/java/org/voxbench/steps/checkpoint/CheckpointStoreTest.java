package org.voxbench.steps.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointStoreTest {

  private final List<String> told = new ArrayList<>();
  private final Path folder;
  private final CheckpointStore store;

  CheckpointStoreTest(@TempDir Path folder) throws IOException {
    this.folder = folder;
    store = new CheckpointStore(folder, told::add);
  }

  @Test
  void whatWasWrittenIsFoundAgainWithItsState() throws IOException {
    Checkpoint written = epochEnd(1, 0.5);

    store.write(written, CheckpointStoreTest::tensors);

    assertThat(store.newest()).contains(written);
    assertThat(store.folder(written)).isDirectoryContaining("glob:**training.safetensors");
  }

  @Test
  void aStateBeforeAnyValidationIsReadBackAsOne() throws IOException {
    store.write(epochEnd(1, Double.NaN), CheckpointStoreTest::tensors);

    assertThat(store.newest().orElseThrow().validationAverage()).isNaN();
    assertThat(store.best()).isEmpty();
  }

  @Test
  void aSpoiledCheckpointIsNamedAndTheOneBeforeItUsed() throws IOException {
    store.write(epochEnd(1, 0.5), CheckpointStoreTest::tensors);
    store.write(epochEnd(2, 0.6), CheckpointStoreTest::tensors);
    Files.writeString(
        store.folder(epochEnd(2, 0.6)).resolve(CheckpointStore.TENSORS), "other tensors");

    assertThat(store.newest()).contains(epochEnd(1, 0.5));
    assertThat(told)
        .singleElement()
        .asString()
        .startsWith("checkpoint iteration-000000020 is not used: training.safetensors has SHA-256");
  }

  @Test
  void aTruncatedManifestOrAMissingFileSpoilsACheckpoint() throws IOException {
    store.write(epochEnd(1, 0.5), CheckpointStoreTest::tensors);
    store.write(epochEnd(2, 0.6), CheckpointStoreTest::tensors);
    store.write(epochEnd(3, 0.7), CheckpointStoreTest::tensors);
    Files.writeString(store.folder(epochEnd(3, 0.7)).resolve("manifest.json"), "{\"weig");
    Files.delete(store.folder(epochEnd(2, 0.6)).resolve("state.json"));

    assertThat(store.newest()).contains(epochEnd(1, 0.5));
    assertThat(told).hasSize(2);
    assertThat(told.get(0)).contains("manifest.json cannot be read");
    assertThat(told.get(1)).contains("state.json is missing");
  }

  @Test
  void anInterruptedWritingLeavesNothingBehind() throws IOException {
    assertThatThrownBy(
            () ->
                store.write(
                    epochEnd(1, 0.5),
                    target -> {
                      tensors(target);
                      throw new IOException("No space left on device");
                    }))
        .hasMessage("No space left on device");

    assertThat(store.newest()).isEmpty();
    assertThat(names(new CheckpointStore(folder, told::add), folder)).isEmpty();
  }

  @Test
  void aDiskThatFillsUpDuringAWritingLeavesTheOneBeforeAndTakesNoRoom() throws IOException {
    store.write(epochEnd(1, 0.5), CheckpointStoreTest::tensors);

    assertThatThrownBy(
            () ->
                store.write(
                    epochEnd(2, 0.6),
                    half -> {
                      tensors(half);
                      throw new IOException("No space left on device");
                    }))
        .hasMessage("No space left on device");

    assertThat(store.newest()).contains(epochEnd(1, 0.5));
    assertThat(folder.toFile().list()).containsExactly("iteration-000000010");
  }

  @Test
  void theBestAndTheNewestAreKept() throws IOException {
    double[] dice = {0.2, 0.9, 0.3, 0.4, 0.5};
    for (int epoch = 1; epoch <= dice.length; epoch++) {
      store.write(epochEnd(epoch, dice[epoch - 1]), CheckpointStoreTest::tensors);
      store.prune(2);
    }

    assertThat(names(store, folder))
        .containsExactly("iteration-000000020", "iteration-000000040", "iteration-000000050");
    assertThat(store.best()).contains(epochEnd(2, 0.9));
  }

  @Test
  void ofEqualCheckpointsTheEarlierIsTheBest() throws IOException {
    store.write(epochEnd(1, 0.5), CheckpointStoreTest::tensors);
    store.write(epochEnd(2, 0.5), CheckpointStoreTest::tensors);

    assertThat(store.best()).contains(epochEnd(1, 0.5));
  }

  @Test
  void aCheckpointAmidAnEpochLivesUntilTheEpochsEnd() throws IOException {
    Checkpoint amid = epochEnd(1, 0.5).learnt(0.25);
    store.write(epochEnd(1, 0.5), CheckpointStoreTest::tensors);
    store.write(amid, CheckpointStoreTest::tensors);

    store.prune(2);
    assertThat(store.newest()).contains(amid);

    store.write(epochEnd(2, 0.6), CheckpointStoreTest::tensors);
    store.prune(2);
    assertThat(names(store, folder)).containsExactly("iteration-000000010", "iteration-000000020");
  }

  @Test
  void onlyWholeCheckpointsAreTakenOverFromAnEarlierAttempt(@TempDir Path later)
      throws IOException {
    store.write(epochEnd(1, 0.5), CheckpointStoreTest::tensors);
    store.write(epochEnd(2, 0.6), CheckpointStoreTest::tensors);
    Files.delete(store.folder(epochEnd(2, 0.6)).resolve(CheckpointStore.TENSORS));
    CheckpointStore next = new CheckpointStore(later, told::add);

    next.adopt(folder);

    assertThat(next.newest()).contains(epochEnd(1, 0.5));
    assertThat(names(next, later)).hasSize(1);
    assertThat(told)
        .containsExactly(
            "checkpoint iteration-000000020 is not used: training.safetensors is missing");
  }

  private static Checkpoint epochEnd(int epoch, double validationAverage) {
    return new Checkpoint(epoch, epoch * 10L, true, 0, 1, 0, validationAverage);
  }

  private static void tensors(Path target) throws IOException {
    Files.writeString(target.resolve(CheckpointStore.TENSORS), "tensors");
  }

  private static List<String> names(CheckpointStore opened, Path root) throws IOException {
    assertThat(opened).isNotNull();
    try (Stream<Path> children = Files.list(root)) {
      return children.map(child -> child.getFileName().toString()).sorted().toList();
    }
  }
}
