package org.voxbench.model;

import java.io.IOException;
import java.nio.file.Path;

/**
 * One network being trained: weights, running statistics and optimizer state, advanced batch by
 * batch. Everything that happens in a step is a function of the state, the batch, the learning rate
 * and (seed, iteration), so that on the CPU a resumed training equals an uninterrupted one bit for
 * bit. Not thread-safe.
 */
@SuppressWarnings("DoNotCallSuggester")
public final class Training implements AutoCloseable {

  private Training() {}

  /** A training from the published initialisation. */
  public static Training start(
      UnetrPlusPlusConfig config, TrainingOptions options, Compute compute, long seed) {
    throw new UnsupportedOperationException();
  }

  /** A training that starts from weights, with a fresh optimizer. */
  public static Training from(
      UnetrPlusPlusConfig config,
      TrainingOptions options,
      Compute compute,
      long seed,
      Weights weights) {
    throw new UnsupportedOperationException();
  }

  /** A training that continues from a file of {@link #save}. */
  public static Training resume(
      UnetrPlusPlusConfig config, TrainingOptions options, Compute compute, long seed, Path state)
      throws IOException {
    throw new UnsupportedOperationException();
  }

  /**
   * Forward pass, loss, backward pass, clipping and update.
   *
   * @param iteration counts from 0 over the whole training; with the seed it fixes all dropout
   */
  public StepLoss step(Batch batch, double learningRate, long iteration) {
    throw new UnsupportedOperationException();
  }

  /** Loss and counts in evaluation mode; changes nothing. */
  public ValidationLoss validate(Batch batch) {
    throw new UnsupportedOperationException();
  }

  /** Writes weights, running statistics and optimizer state bit-exactly, and syncs the file. */
  public void save(Path file) throws IOException {
    throw new UnsupportedOperationException();
  }

  /** A copy of the weights as they are now. */
  public Weights weights() {
    throw new UnsupportedOperationException();
  }

  /** The precision in use, never AUTO. */
  public Precision precision() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {}
}
