package org.voxbench.model;

import java.util.List;

/** A network in evaluation mode, prepared once for fast prediction. Not thread-safe. */
@SuppressWarnings("DoNotCallSuggester")
public final class Predictor implements WindowNetwork, AutoCloseable {

  private final UnetrPlusPlusConfig config;

  private Predictor(UnetrPlusPlusConfig config) {
    this.config = config;
  }

  /** Prepares a network: folds its batch norms, converts its weights. */
  public static Predictor open(
      UnetrPlusPlusConfig config, Weights weights, Precision precision, Compute compute) {
    weights.requireFit(config);
    return new Predictor(config);
  }

  @Override
  public List<Integer> patch() {
    return config.patch();
  }

  @Override
  public int inChannels() {
    return config.inChannels();
  }

  @Override
  public int classes() {
    return config.classes();
  }

  @Override
  public float[] probabilities(float[] windows, int count, boolean mirror) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {}
}
