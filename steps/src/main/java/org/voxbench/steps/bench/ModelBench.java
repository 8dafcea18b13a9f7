package org.voxbench.steps.bench;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import org.voxbench.model.Bench;
import org.voxbench.model.Compute;
import org.voxbench.model.Precision;
import org.voxbench.model.TrainingOptions;
import org.voxbench.model.UnetrPlusPlusConfig;

/** Measures one training step or one window of prediction: {@code bench model}. */
public final class ModelBench {

  /** What is measured; each in a process of its own, so that its peak memory is its own. */
  public enum Phase {
    STEP,
    WINDOW
  }

  /**
   * What to measure.
   *
   * @param variant a published network, or nano
   * @param precision auto, float32, bfloat16 or float16
   * @param device auto, cpu or cuda
   * @param threads CPU threads; 0 takes all
   * @param batch samples in one training step
   * @param repetitions measured repetitions after warm-up, at least 5
   * @param recompute whether the step recomputes activations in its backward pass
   */
  public record Setting(
      String variant,
      String precision,
      String device,
      int threads,
      int batch,
      int repetitions,
      boolean recompute) {}

  /**
   * A measurement.
   *
   * @param seconds median wall time
   * @param peakBytes largest resident memory of this process; 0 where the system does not tell
   * @param precision the precision that was used, never auto
   */
  public record Figures(
      @JsonProperty("seconds") double seconds,
      @JsonProperty("peak_bytes") long peakBytes,
      @JsonProperty("precision") String precision) {}

  private ModelBench() {}

  /**
   * Refuses a setting that cannot be measured, before anything is loaded.
   *
   * @throws IllegalArgumentException naming the value and what is accepted
   */
  public static void check(Setting setting) {
    network(setting.variant());
    choice(Precision.class, "--precision", setting.precision());
    choice(Compute.Device.class, "--device", setting.device());
    if (setting.repetitions() < 5) {
      throw new IllegalArgumentException(
          "--repetitions: expected at least 5 but was " + setting.repetitions());
    }
    if (setting.batch() < 1) {
      throw new IllegalArgumentException("--batch: expected at least 1 but was " + setting.batch());
    }
  }

  /**
   * Measures in this process, which loads libtorch.
   *
   * @param natives folder the native libraries are unpacked into, once
   */
  public static Figures measure(Phase phase, Setting setting, Path natives) {
    check(setting);
    UnetrPlusPlusConfig network = network(setting.variant());
    Precision precision = choice(Precision.class, "--precision", setting.precision());
    Compute compute =
        new Compute(
            choice(Compute.Device.class, "--device", setting.device()), setting.threads(), natives);
    Bench.Result result =
        switch (phase) {
          case STEP ->
              Bench.step(
                  network,
                  options(precision, setting.recompute()),
                  compute,
                  setting.batch(),
                  setting.repetitions());
          case WINDOW -> Bench.window(network, precision, compute, setting.repetitions());
        };
    return new Figures(
        result.seconds(), result.peakBytes(), result.precision().name().toLowerCase(Locale.ROOT));
  }

  private static TrainingOptions options(Precision precision, boolean recompute) {
    TrainingOptions published = TrainingOptions.published(precision);
    return new TrainingOptions(
        published.optimizer(),
        published.gradientClip(),
        published.batchDice(),
        published.deepSupervision(),
        precision,
        recompute);
  }

  /** The published numbers of channels and classes (recipe section 1.1). */
  private static UnetrPlusPlusConfig network(String variant) {
    return switch (variant.toLowerCase(Locale.ROOT)) {
      case "acdc" -> UnetrPlusPlusConfig.variant(variant, 1, 4);
      case "lung" -> UnetrPlusPlusConfig.variant(variant, 1, 2);
      case "tumor", "brats" -> UnetrPlusPlusConfig.variant(variant, 4, 4);
      default -> UnetrPlusPlusConfig.variant(variant, 1, 14);
    };
  }

  private static <E extends Enum<E>> E choice(Class<E> kind, String option, String name) {
    E[] all = kind.getEnumConstants();
    return Arrays.stream(all)
        .filter(one -> one.name().equalsIgnoreCase(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "%s: expected one of %s but was '%s'"
                        .formatted(option, Arrays.toString(all).toLowerCase(Locale.ROOT), name)));
  }
}
