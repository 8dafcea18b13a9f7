package org.voxbench.steps.train;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import org.voxbench.model.Batch;
import org.voxbench.steps.StepStoppedException;

/**
 * The batches of consecutive iterations, each made in the background while the one before is
 * learnt. Two pieces of memory take turns, so a batch is valid until the next one is asked for.
 */
final class Batches implements AutoCloseable {

  /** Fills a batch for an iteration. */
  @FunctionalInterface
  interface Maker {
    void fill(Batch batch, long iteration);
  }

  private final Maker maker;
  private final Executor background;
  private final long end;
  private Batch free;
  private long next;
  private CompletableFuture<Batch> ahead;

  /**
   * @param first iteration of the first batch
   * @param end iteration after the last batch
   * @param memory two batches of equal size
   */
  Batches(Maker maker, Executor background, long first, long end, Batch[] memory) {
    this.maker = maker;
    this.background = background;
    this.end = end;
    next = first;
    free = memory[1];
    ahead = make(memory[0]);
  }

  /** Waits for the next batch and lets the one after it be made. */
  Batch next() {
    Batch made = await();
    next++;
    Batch used = free;
    free = made;
    if (next < end) {
      ahead = make(used);
    }
    return made;
  }

  /** Waits for the batch that is being made, so that its memory is free. */
  @Override
  public void close() {
    ahead.handle((batch, failure) -> batch).join();
  }

  private CompletableFuture<Batch> make(Batch memory) {
    long iteration = next;
    return CompletableFuture.supplyAsync(
        () -> {
          maker.fill(memory, iteration);
          return memory;
        },
        background);
  }

  private Batch await() {
    try {
      return ahead.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StepStoppedException("training was interrupted; its last checkpoint is kept", e);
    } catch (ExecutionException | CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause
          ? cause
          : new IllegalStateException("a batch could not be made", e.getCause());
    }
  }
}
