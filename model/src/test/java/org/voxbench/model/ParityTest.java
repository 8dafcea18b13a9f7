package org.voxbench.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.types.DataType;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The same numbers as the published implementation, for all of its networks. */
final class ParityTest {

  /** One thread rounds batch statistics so that the published code misses its own values, too. */
  private static final Compute CPU = new Compute(Compute.Device.CPU, 2, TestNetworks.CPU.cache());

  @ParameterizedTest
  @CsvSource({
    "synapse,42952850",
    "acdc,66796404",
    "lung,121174798",
    "tumor,42647604",
  })
  void namesShapesAndCountsAreThePublishedOnes(String variant, int parameters) {
    Golden golden = Golden.read(variant);
    List<Layout.Entry> layout = Layout.of(golden.config());
    Map<String, List<Integer>> expected = golden.shapes("state_dict");
    assertThat(layout.stream().map(Layout.Entry::name))
        .containsExactlyElementsOf(expected.keySet());
    assertThat(layout.stream().map(Layout.Entry::shape))
        .containsExactlyElementsOf(expected.values());
    assertThat(layout.stream().filter(Layout.Entry::trained).map(Layout.Entry::name))
        .containsExactlyElementsOf(golden.shapes("parameters").keySet());
    assertThat(layout.stream().filter(Layout.Entry::trained).mapToInt(Layout.Entry::elements).sum())
        .isEqualTo(parameters);
  }

  @ParameterizedTest
  @CsvSource({
    "synapse,FLOAT32,1e-5", "synapse,BFLOAT16,0.02", "acdc,FLOAT32,1e-5",
    "lung,FLOAT32,1e-5", "tumor,FLOAT32,1e-5", "tumor,BFLOAT16,0.02",
  })
  void outputsAreThePublishedOnes(String variant, Precision precision, double tolerance) {
    Golden golden = Golden.read(variant);
    try (Outputs outputs = new Outputs(golden, precision)) {
      outputs.check(false, golden.values().get("eval_outputs"), tolerance);
      outputs.check(true, golden.values().get("train_outputs_no_dropout"), tolerance);
    }
  }

  /**
   * In acdc and lung, 38 and 42 of 636 gradients are below 1e-5 of the whole: the published code
   * misses its own values by up to 29 % when its number of threads changes: docs/decisions/0006.
   */
  @ParameterizedTest
  @CsvSource({"synapse,0", "acdc,1e-5", "lung,1e-5", "tumor,0"})
  void lossGradientsAndStatisticsAreThePublishedOnes(
      String variant, double noise, @TempDir Path folder) throws IOException {
    Golden golden = Golden.read(variant);
    UnetrPlusPlusConfig config = golden.config().withoutDropout();
    // With momentum, no decay and no clipping, the momentum after one step is the gradient.
    TrainingOptions plain =
        new TrainingOptions(
            new Optimizer(Optimizer.Kind.SGD, 0, 0.9, 0.999),
            1e30,
            true,
            true,
            Precision.FLOAT32,
            false);
    Path saved = folder.resolve("state.safetensors");
    try (Training training = Training.from(config, plain, CPU, 1, Golden.weights(config))) {
      StepLoss loss = training.step(Golden.batch(config), 1e-3, 0);
      double expected = golden.values().get("loss_batch_dice_true").get("total").asDouble();
      assertThat(loss.loss()).isCloseTo(expected, within(1e-3 * expected));
      training.save(saved);
    }
    Weights state = Weights.read(saved);
    Map<String, Double> gradients = golden.norms("gradients");
    double total = Math.sqrt(gradients.values().stream().mapToDouble(norm -> norm * norm).sum());
    gradients.values().removeIf(norm -> norm < noise * total);
    List<Double> errors =
        gradients.entrySet().stream()
            .map(entry -> error(state.get("optimizer.0." + entry.getKey()), entry.getValue()))
            .sorted()
            .toList();
    assertThat(errors.get(errors.size() * 8 / 10)).as("gradient norms, 80 %").isLessThan(1e-3);
    assertThat(errors.get(errors.size() - 1)).as("worst gradient norm").isLessThan(0.05);
    assertThat(golden.norms("running_stats_after_one_step"))
        .allSatisfy((name, norm) -> assertThat(error(state.get(name), norm)).isLessThan(1e-4));
  }

  @ParameterizedTest
  @ValueSource(strings = {"synapse", "acdc"})
  void sixStepsFollowThePublishedTrajectory(String variant) {
    Golden golden = Golden.read(variant);
    UnetrPlusPlusConfig config = golden.config().withoutDropout();
    TrainingOptions published = TrainingOptions.published(Precision.FLOAT32);
    Batch batch = Golden.batch(config);
    try (Training training = Training.from(config, published, CPU, 1, Golden.weights(config))) {
      int iteration = 0;
      for (JsonNode step : Golden.read(variant + ".sgd").values().get("steps_lr_loss_gradnorm")) {
        StepLoss loss = training.step(batch, step.get(0).asDouble(), iteration++);
        double expected = step.get(1).asDouble();
        // From the third step on the published code misses its own values by up to 4e-3 when its
        // number of threads changes: docs/decisions/0006.
        double tolerance = iteration <= 2 ? 1e-3 : 5e-3;
        assertThat(loss.loss()).isCloseTo(expected, within(tolerance * expected));
        double norm = step.get(2).asDouble();
        assertThat(loss.gradientNorm()).isCloseTo(norm, within(0.05 * norm));
      }
    }
  }

  private static double error(Tensor found, double norm) {
    double sum = 0;
    for (float value : found.floats()) {
      sum += (double) value * value;
    }
    return Math.abs(Math.sqrt(sum) - norm) / norm;
  }

  /** The logits of one network for the published input. */
  private static final class Outputs implements AutoCloseable {
    private final UnetrPlusPlusConfig config;
    private final Precision precision;
    private final PtNDManager manager = Engines.open(CPU);
    private final Program program = Program.load(manager);
    private final State state = new State(manager);
    private final Arguments.Staging images = new Arguments.Staging();

    Outputs(Golden golden, Precision precision) {
      config = golden.config();
      this.precision = precision;
      Weights weights = Golden.weights(config);
      for (Layout.Entry entry : Layout.of(config)) {
        if (entry.aliasOf() == null) {
          state.put(entry.name(), weights.get(entry.name()));
        }
      }
    }

    void check(boolean training, JsonNode expected, double tolerance) {
      List<Integer> patch = config.patch();
      try (Arguments arguments = new Arguments(manager)) {
        arguments.keep(state.dictionary());
        arguments.array(
            images.floats(Golden.batch(config).images()),
            DataType.FLOAT32,
            1,
            config.inChannels(),
            patch.get(0),
            patch.get(1),
            patch.get(2));
        arguments.integer(precision.code()).flag(training);
        PtNDArray[] outputs = arguments.call(program, "logits").toTensorArray(manager);
        assertThat(outputs).hasSize(3);
        for (int i = 0; i < 3; i++) {
          checkOne(outputs[i], expected.get(i), tolerance);
          outputs[i].close();
        }
      }
    }

    private static void checkOne(PtNDArray output, JsonNode expected, double tolerance) {
      FloatBuffer values = output.toByteBuffer(true).asFloatBuffer();
      double allowed = tolerance * expected.get("abs_max").asDouble();
      int stride = expected.get("stride").asInt();
      for (int i = 0; i < expected.get("values").size(); i++) {
        double value = expected.get("values").get(i).asDouble();
        assertThat((double) values.get(i * stride)).isCloseTo(value, within(allowed));
      }
    }

    @Override
    public void close() {
      state.close();
      program.close();
      manager.close();
    }
  }
}
