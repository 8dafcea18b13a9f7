package org.voxbench.steps.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.voxbench.model.Batch;

class BatchesTest {

  private final ExecutorService background = Executors.newSingleThreadExecutor();
  private final Batch[] memory = {
    new Batch(new float[1], new byte[1], 1), new Batch(new float[1], new byte[1], 1)
  };

  @AfterEach
  void stop() {
    background.shutdownNow();
  }

  @Test
  void batchesComeInOrderAndStayUntouchedUntilTheNextIsAskedFor() throws Exception {
    List<Float> seen = new ArrayList<>();
    try (Batches batches = new Batches(BatchesTest::number, background, 5, 9, memory)) {
      for (int i = 0; i < 4; i++) {
        Batch batch = batches.next();
        // Runs after the batch ahead was made.
        background.submit(() -> {}).get();
        seen.add(batch.images()[0]);
      }
    }

    assertThat(seen).containsExactly(5f, 6f, 7f, 8f);
  }

  @Test
  void aFailureWhileMakingABatchIsThrownWhereTheBatchIsTaken() {
    try (Batches batches =
        new Batches(
            (batch, iteration) -> {
              throw new IllegalArgumentException("voxel is NaN");
            },
            background,
            0,
            3,
            memory)) {
      assertThatThrownBy(batches::next)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("voxel is NaN");
    }
  }

  private static void number(Batch batch, long iteration) {
    batch.images()[0] = iteration;
  }
}
