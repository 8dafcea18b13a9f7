package org.voxbench.model;

import ai.djl.ndarray.types.DataType;
import ai.djl.pytorch.engine.PtNDManager;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One network being trained: weights, running statistics and optimizer state, advanced batch by
 * batch. Everything that happens in a step is a function of the state, the batch, the learning rate
 * and (seed, iteration), so that on the CPU a resumed training equals an uninterrupted one bit for
 * bit. Not thread-safe.
 */
public final class Training implements AutoCloseable {

  private static final String SEED = "seed";

  private final UnetrPlusPlusConfig config;
  private final TrainingOptions options;
  private final long seed;
  private final PtNDManager manager;
  private final Precision precision;
  private final Program program;
  private final TrainingState state;
  private final Arguments.Staging images = new Arguments.Staging();
  private final Arguments.Staging labels = new Arguments.Staging();
  private LossScale scale;
  private boolean adopted;

  private Training(
      UnetrPlusPlusConfig config, TrainingOptions options, Compute compute, long seed) {
    this.config = config;
    this.options = options;
    this.seed = seed;
    manager = Engines.open(compute);
    precision = Engines.resolve(options.precision(), manager.getDevice());
    program = Program.load(manager);
    state = new TrainingState(manager, options.optimizer());
    scale = LossScale.initial(precision);
  }

  /** A training from the published initialisation. */
  public static Training start(
      UnetrPlusPlusConfig config, TrainingOptions options, Compute compute, long seed) {
    Training training = new Training(config, options, compute, seed);
    for (Layout.Entry entry : Layout.of(config)) {
      if (entry.aliasOf() == null) {
        training.state.put(entry, Weights.initial(entry, seed));
      }
    }
    return training;
  }

  /** A training that starts from weights, with a fresh optimizer. */
  public static Training from(
      UnetrPlusPlusConfig config,
      TrainingOptions options,
      Compute compute,
      long seed,
      Weights weights) {
    weights.requireFit(config);
    Training training = new Training(config, options, compute, seed);
    for (Layout.Entry entry : Layout.of(config)) {
      if (entry.aliasOf() == null) {
        training.state.put(entry, weights.get(entry.name()));
      }
    }
    return training;
  }

  /**
   * A training that continues from a file of {@link #save}.
   *
   * @throws IllegalArgumentException where the file belongs to another network, optimizer or seed
   */
  public static Training resume(
      UnetrPlusPlusConfig config, TrainingOptions options, Compute compute, long seed, Path file)
      throws IOException {
    SafeTensors.Content saved = SafeTensors.read(file);
    String written = saved.metadata().get(SEED);
    if (!Long.toString(seed).equals(written)) {
      throw new IllegalArgumentException(
          "%s: it was saved by a training with seed %s but this one has seed %d"
              .formatted(file, written, seed));
    }
    Weights weights = Weights.of(TrainingState.weights(saved.tensors()));
    Training training = from(config, options, compute, seed, weights);
    training.state.restore(file, saved);
    training.scale = training.scale.read(saved.metadata());
    return training;
  }

  /**
   * Forward pass, loss, backward pass, clipping and update. A step whose loss or gradient is not
   * finite changes nothing and says so.
   *
   * @param iteration counts from 0 over the whole training; with the seed it fixes all dropout
   * @throws IllegalArgumentException where the batch has the wrong size, labels out of range, or
   *     numbers that are not finite
   */
  public StepLoss step(Batch batch, double learningRate, long iteration) {
    adopt();
    Optimizer rule = options.optimizer();
    double[] result;
    try (Arguments arguments = new Arguments(manager)) {
      put(arguments, batch);
      arguments.numbers(
          learningRate,
          config.attention().dropout(),
          config.blocks().dropout(),
          options.gradientClip(),
          scale.factor(),
          rule.weightDecay(),
          rule.momentum(),
          rule.secondMoment());
      arguments.integers(
          precision.code(),
          options.deepSupervision() ? 1 : 0,
          options.batchDice() ? 1 : 0,
          rule.kind() == Optimizer.Kind.ADAMW ? 1 : 0,
          options.checkpointing() ? 1 : 0,
          new CounterRandom(seed, "dropout").bits(iteration) >>> 12);
      result = arguments.train(program, "step");
    }
    StepLoss loss = new StepLoss(result[0], result[1], result[2] != 0, scale.factor());
    scale = scale.after(loss.applied());
    return loss;
  }

  /** Loss and counts in evaluation mode; changes nothing. */
  public ValidationLoss validate(Batch batch) {
    try (Arguments arguments = new Arguments(manager)) {
      arguments.keep(state.weights());
      put(arguments, batch);
      arguments.integer(precision.code());
      arguments.flags(options.deepSupervision(), options.batchDice());
      double[] result = arguments.callArray(program, "validate").toDoubleArray();
      return new ValidationLoss(result[0], counts(result, 0), counts(result, 1), counts(result, 2));
    }
  }

  /** Writes weights, running statistics and optimizer state bit-exactly, and syncs the file. */
  public void save(Path file) throws IOException {
    Map<String, String> metadata = new LinkedHashMap<>(Weights.networkMetadata(config));
    metadata.put(SEED, Long.toString(seed));
    scale.write(metadata);
    state.write(file, config, metadata);
  }

  /** A copy of the weights as they are now. */
  public Weights weights() {
    Map<String, Tensor> copies = new LinkedHashMap<>();
    state.tensors(config).forEach((name, tensor) -> copies.put(name, tensor.copy()));
    return Weights.of(copies).describedBy(config);
  }

  /** The precision in use, never AUTO. */
  public Precision precision() {
    return precision;
  }

  private void adopt() {
    if (!adopted) {
      try (Arguments arguments = new Arguments(manager)) {
        arguments.keep(state.weights()).keep(state.moments()).call(program, "adopt");
      }
      adopted = true;
    }
  }

  private void put(Arguments arguments, Batch batch) {
    batch.check(config);
    List<Integer> patch = config.patch();
    long z = patch.get(0);
    long y = patch.get(1);
    long x = patch.get(2);
    arguments.array(
        images.floats(batch.images()),
        DataType.FLOAT32,
        batch.size(),
        config.inChannels(),
        z,
        y,
        x);
    arguments.array(labels.bytes(batch.labels()), DataType.INT8, batch.size(), z, y, x);
  }

  private long[] counts(double[] result, int row) {
    int from = 1 + row * config.classes();
    return Arrays.stream(result, from, from + config.classes()).mapToLong(Math::round).toArray();
  }

  @Override
  public void close() {
    state.close();
    program.close();
    manager.close();
  }
}
