package org.voxbench.steps.train;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.voxbench.model.Batch;
import org.voxbench.model.Compute;
import org.voxbench.model.Precision;
import org.voxbench.model.StepLoss;
import org.voxbench.model.Training;
import org.voxbench.model.TrainingOptions;
import org.voxbench.model.UnetrPlusPlusConfig;
import org.voxbench.model.ValidationLoss;
import org.voxbench.model.Weights;
import org.voxbench.model.pytorch.UnreadableWeightsException;
import org.voxbench.model.pytorch.WeightFiles;
import org.voxbench.steps.PermanentStepException;
import org.voxbench.steps.checkpoint.CheckpointStore;

/** The network being trained, which can be put back into any state it saved. */
final class Learner implements AutoCloseable {

  private final UnetrPlusPlusConfig network;
  private final TrainConfig config;
  private final Compute compute;
  private final long seed;
  private @Nullable Training training;

  Learner(UnetrPlusPlusConfig network, TrainConfig config, Compute compute, long seed) {
    this.network = network;
    this.config = config;
    this.compute = compute;
    this.seed = seed;
  }

  /**
   * Takes the state saved in a folder, or the initial one: given weights or the published start.
   */
  void restore(Optional<Path> checkpoint) throws IOException {
    close();
    var options = config.arithmetic().resolve(config.optimizer());
    training =
        checkpoint.isPresent()
            ? Training.resume(
                network, options, compute, seed, checkpoint.get().resolve(CheckpointStore.TENSORS))
            : begin(options);
  }

  private Training begin(TrainingOptions options) throws IOException {
    String file = config.network().weights();
    if (file == null) {
      return Training.start(network, options, compute, seed);
    }
    try {
      Weights weights = WeightFiles.read(Path.of(file)).weights();
      return Training.from(network, options, compute, seed, weights);
    } catch (IllegalArgumentException | UnreadableWeightsException e) {
      throw new PermanentStepException("train.network.weights: " + e.getMessage(), e);
    }
  }

  StepLoss step(Batch batch, double learningRate, long iteration) {
    return opened().step(batch, learningRate, iteration);
  }

  ValidationLoss validate(Batch batch) {
    return opened().validate(batch);
  }

  Precision precision() {
    return opened().precision();
  }

  int classes() {
    return network.classes();
  }

  void save(Path folder) throws IOException {
    opened().save(folder.resolve(CheckpointStore.TENSORS));
  }

  private Training opened() {
    if (training == null) {
      throw new IllegalStateException("restore comes first");
    }
    return training;
  }

  @Override
  public void close() {
    if (training != null) {
      training.close();
      training = null;
    }
  }
}
