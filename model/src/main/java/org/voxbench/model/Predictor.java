package org.voxbench.model;

import ai.djl.ndarray.types.DataType;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import java.nio.FloatBuffer;
import java.util.List;

/** A network in evaluation mode, prepared once for fast prediction. Not thread-safe. */
public final class Predictor implements WindowNetwork, AutoCloseable {

  private final UnetrPlusPlusConfig config;
  private final PtNDManager manager;
  private final Precision precision;
  private final Program program;
  private final IValue prepared;
  private final Arguments.Staging staging = new Arguments.Staging();
  private float[] probabilities = {};

  private Predictor(UnetrPlusPlusConfig config, Weights weights, Precision asked, Compute compute) {
    this.config = config;
    manager = Engines.open(compute);
    precision = Engines.resolve(asked, manager.getDevice());
    program = Program.load(manager);
    try (State state = new State(manager)) {
      for (Layout.Entry entry : Layout.of(config)) {
        if (entry.aliasOf() == null) {
          state.put(entry.name(), weights.get(entry.name()));
        }
      }
      try (IValue dictionary = state.dictionary();
          IValue code = IValue.from(precision.code())) {
        prepared = program.call("prepare", dictionary, code);
      }
    }
  }

  /**
   * Prepares a network: folds its batch norms, converts its weights.
   *
   * @throws IllegalArgumentException where the weights belong to another network
   */
  public static Predictor open(
      UnetrPlusPlusConfig config, Weights weights, Precision precision, Compute compute) {
    weights.requireFit(config);
    return new Predictor(config, weights, precision, compute);
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

  /** The precision in use, never AUTO. */
  public Precision precision() {
    return precision;
  }

  /** The array is this predictor's own and overwritten by the next call. */
  @Override
  public float[] probabilities(float[] windows, int count, boolean mirror) {
    Checks.atLeast("windows", count, 1);
    int voxels = config.patchVoxels();
    if (windows.length != (long) count * config.inChannels() * voxels) {
      throw new IllegalArgumentException(
          "windows: expected %d x %d x %s = %d values but found %d"
              .formatted(
                  count,
                  config.inChannels(),
                  config.patch(),
                  (long) count * config.inChannels() * voxels,
                  windows.length));
    }
    Inputs.requireFinite(windows, config);
    List<Integer> patch = config.patch();
    try (Arguments arguments = new Arguments(manager)) {
      arguments.keep(prepared);
      arguments.array(
          staging.floats(windows),
          DataType.FLOAT32,
          count,
          config.inChannels(),
          patch.get(0),
          patch.get(1),
          patch.get(2));
      arguments.integer(precision.code()).flag(mirror);
      FloatBuffer result =
          arguments.callArray(program, "predict").toByteBuffer(true).asFloatBuffer();
      int size = Math.toIntExact((long) count * config.classes() * voxels);
      if (probabilities.length != size) {
        probabilities = new float[size];
      }
      result.get(probabilities);
      return probabilities;
    }
  }

  @Override
  public void close() {
    prepared.close();
    program.close();
    manager.close();
  }
}
