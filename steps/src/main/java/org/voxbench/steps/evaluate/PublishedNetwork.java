package org.voxbench.steps.evaluate;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.voxbench.model.Compute;
import org.voxbench.model.Precision;
import org.voxbench.model.Predictor;
import org.voxbench.model.UnetrPlusPlusConfig;
import org.voxbench.model.Weights;
import org.voxbench.steps.PermanentStepException;
import org.voxbench.steps.Resources;
import org.voxbench.steps.StepContext;
import org.voxbench.steps.StepName;

/** The network that the checkpoint step published. */
final class PublishedNetwork implements OpenNetwork {

  private final Predictor predictor;

  private PublishedNetwork(Predictor predictor) {
    this.predictor = predictor;
  }

  /**
   * Opens {@code model.safetensors} of the checkpoint step's output.
   *
   * @throws PermanentStepException when the weights do not say to which network they belong
   */
  static OpenNetwork open(StepContext context, EvaluateConfig config) throws IOException {
    Path file = context.input(StepName.CHECKPOINT).resolve("model.safetensors");
    Weights weights = Weights.read(file);
    UnetrPlusPlusConfig network =
        weights
            .network()
            .orElseThrow(
                () ->
                    new PermanentStepException(
                        file
                            + ": expected weights that describe their network but found none;"
                            + " run checkpoint again"));
    return new PublishedNetwork(
        Predictor.open(
            network, weights, precision(config.precision()), compute(context.resources())));
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

  private static Compute compute(Resources resources) {
    Compute.Device device = Compute.Device.valueOf(resources.device().toUpperCase(Locale.ROOT));
    String home =
        Objects.requireNonNullElseGet(
            System.getenv("DJL_CACHE_DIR"),
            () -> Path.of(System.getProperty("user.home"), ".djl.ai").toString());
    return new Compute(device, resources.threads(), Path.of(home));
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
