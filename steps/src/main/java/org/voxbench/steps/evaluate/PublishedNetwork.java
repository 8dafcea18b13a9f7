package org.voxbench.steps.evaluate;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.voxbench.model.Compute;
import org.voxbench.model.Precision;
import org.voxbench.model.Predictor;
import org.voxbench.model.UnetrPlusPlusConfig;
import org.voxbench.model.Weights;
import org.voxbench.steps.Resources;
import org.voxbench.steps.StepContext;
import org.voxbench.steps.StepName;
import org.voxbench.steps.checkpoint.NetworkDescription;
import org.voxbench.steps.checkpoint.PublishCheckpoint;

/** The network that the checkpoint step published. */
final class PublishedNetwork implements OpenNetwork {

  private final Predictor predictor;

  private PublishedNetwork(Predictor predictor) {
    this.predictor = predictor;
  }

  /**
   * Opens the output of the checkpoint step.
   *
   * @param natives folder the native libraries are unpacked into, once
   * @throws org.voxbench.steps.PermanentStepException when the network is not described
   * @throws IllegalArgumentException when the weights do not fit the network
   */
  static OpenNetwork open(StepContext context, EvaluateConfig config, Path natives)
      throws IOException {
    Path folder = context.input(StepName.CHECKPOINT);
    UnetrPlusPlusConfig network = NetworkDescription.read(folder).network();
    Weights weights = Weights.read(folder.resolve(PublishCheckpoint.MODEL));
    Resources resources = context.resources();
    Compute.Device device = Compute.Device.valueOf(resources.device().toUpperCase(Locale.ROOT));
    return new PublishedNetwork(
        Predictor.open(
            network,
            weights,
            precision(config.precision()),
            new Compute(device, resources.threads(), natives)));
  }

  static Precision precision(String name) {
    return Arrays.stream(Precision.values())
        .filter(one -> one.name().toLowerCase(Locale.ROOT).equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "evaluate.precision: expected auto, float32, bfloat16 or float16 but was "
                        + name));
  }

  @Override
  public List<Integer> patch() {
    return predictor.patch();
  }

  @Override
  public int inChannels() {
    return predictor.inChannels();
  }

  @Override
  public int classes() {
    return predictor.classes();
  }

  @Override
  public float[] probabilities(float[] windows, int count, boolean mirror) {
    return predictor.probabilities(windows, count, mirror);
  }

  @Override
  public void close() {
    predictor.close();
  }
}
