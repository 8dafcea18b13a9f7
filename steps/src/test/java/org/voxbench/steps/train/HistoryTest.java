package org.voxbench.steps.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.voxbench.steps.checkpoint.Checkpoint;

class HistoryTest {

  private static final Set<Integer> LABELS = new TreeSet<>(Set.of(1, 2));

  private final Path folder;
  private final Path later;

  HistoryTest(@TempDir Path folder, @TempDir Path later) {
    this.folder = folder;
    this.later = later;
  }

  @Test
  void rowsUpToTheCheckpointAreTakenOverAndARowCutShortIsNot() throws IOException {
    write();
    Files.writeString(folder.resolve("iterations.csv"), "5,2,0.", StandardOpenOption.APPEND);

    new History(later, folder, state(1, 3), LABELS).close();

    assertThat(later.resolve("history.csv"))
        .content()
        .isEqualTo(
            "epoch,iterations,learning_rate,train_loss,validation_loss,validation_dice,"
                + "validation_average,dice_1,dice_2\n1,2,0.01,0.5,,,,,\n");
    assertThat(Files.readAllLines(later.resolve("iterations.csv")))
        .containsExactly(
            "iteration,epoch,learning_rate,loss,gradient_norm",
            "1,1,0.01,0.75,2.0",
            "2,1,0.01,0.25,1.0",
            "3,2,0.005,0.125,1.0");
  }

  @Test
  void goingBackTakesLaterRowsBackAndGoesOnAfterThem() throws IOException {
    try (History history = new History(folder, folder, Checkpoint.start(), LABELS)) {
      history.iteration(1, 1, 0.01, 0.75, 2);
      history.iteration(2, 1, 0.01, Double.NaN, Double.POSITIVE_INFINITY);
      history.cutAfter(state(0, 1));
      history.iteration(2, 1, 0.005, 0.5, 2);
    }

    assertThat(Files.readAllLines(folder.resolve("iterations.csv")))
        .endsWith("1,1,0.01,0.75,2.0", "2,1,0.005,0.5,2.0")
        .hasSize(3);
  }

  private void write() throws IOException {
    double none = Double.NaN;
    try (History history = new History(folder, folder, Checkpoint.start(), LABELS)) {
      history.iteration(1, 1, 0.01, 0.75, 2);
      history.iteration(2, 1, 0.01, 0.25, 1);
      history.epoch(state(1, 2), 0.01, 0.5, none, none, none, none, none);
      history.iteration(3, 2, 0.005, 0.125, 1);
      history.iteration(4, 2, 0.005, 0.0625, 1);
      history.epoch(state(2, 4), 0.005, 0.09, 0.3, 0.5, 0.5, 0.4, 0.6);
    }
  }

  private static Checkpoint state(int epoch, long iteration) {
    return new Checkpoint(epoch, iteration, true, 0, 1, 0, Double.NaN);
  }
}
