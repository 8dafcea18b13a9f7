package org.voxbench.steps.train;

import static org.voxbench.steps.train.Ranges.between;
import static org.voxbench.steps.train.Ranges.fraction;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.voxbench.model.UnetrPlusPlusConfig;

/**
 * The section {@code train} of an experiment. Every key may be left out; the defaults are the
 * published recipe (sections 2 and 3) where it says something. All keys with default and range:
 *
 * <pre>
 * network.variant             nano       synapse | acdc | lung | tumor | nano (btcv = synapse, brats = tumor)
 * network.patch               variant's  3 sizes (z, y, x), each a multiple of 8 stem strides
 * network.widths              variant's  4 channel counts, each a multiple of the one before
 * network.stem                variant's  3 strides (z, y, x)
 * network.featureSize         variant's  1 .. 1024 channels at full resolution
 * network.dropout             true       false switches all dropout off
 * network.weights             -          file to start from: safetensors or a PyTorch checkpoint
 * epochs                      1000       0 .. 100000; 0 publishes network.weights as they are
 * iterationsPerEpoch          250        1 .. 100000
 * batch                       2          1 .. 256 patches
 * foreground                  0.33       0 .. 1, share of the batch placed on a foreground voxel
 * optimizer.kind              sgd        sgd (Nesterov) | adamw
 * optimizer.learningRate      sgd 0.01, adamw 0.001; above 0, at most 10
 * optimizer.momentum          sgd 0.99, adamw 0.9;   0 .. below 1 (adamw: decay of the first moment)
 * optimizer.weightDecay       sgd 3e-5, adamw 0.01;  0 .. 1
 * schedule.kind               poly       poly (exponent 0.9) | cosine | constant
 * schedule.warmup             0          0 .. all iterations - 1, iterations of linear rise
 * schedule.per                epoch      epoch | iteration: how often the rate falls
 * precision                   auto       auto | float32 | bfloat16 | float16
 * gradientClip                12         above 0, largest global L2 norm of the gradient
 * batchDice                   true       true sums Dice over the batch, false per sample
 * deepSupervision             true       whether the two coarser outputs enter the loss
 * recompute                   false      true: recompute activations, less memory and more time
 * augmentation                published  none | light | published
 * validation.every            1          1 .. epochs, epochs between validations
 * validation.batches          50         0 .. 10000; 0 switches validation off
 * checkpointEvery             1          1 .. epochs, epochs between checkpoints
 * keep                        2          1 .. 1000 newest checkpoints kept beside the best
 * </pre>
 *
 * @param network which network
 * @param work how much is trained; its keys stand directly in the section
 * @param optimizer the update rule
 * @param schedule how the learning rate changes
 * @param arithmetic loss and number format; its keys stand directly in the section
 * @param augmentation how patches are changed
 * @param validation how often the held-out cases are looked at
 * @param keeping which checkpoints are kept; its keys stand directly in the section
 */
public record TrainConfig(
    Network network,
    @JsonUnwrapped Work work,
    OptimizerChoice optimizer,
    Schedule schedule,
    @JsonUnwrapped Arithmetic arithmetic,
    Preset augmentation,
    Validation validation,
    @JsonUnwrapped Keeping keeping) {

  /** The three stages after the stem halve the grid each. */
  private static final int HALVINGS = 8;

  private static final Set<String> UNWRAPPED_KEYS =
      Stream.of(Work.class, Arithmetic.class, Keeping.class)
          .flatMap(type -> Arrays.stream(type.getRecordComponents()))
          .map(RecordComponent::getName)
          .collect(Collectors.toUnmodifiableSet());

  /** How patches are changed before they are learnt (recipe section 3). */
  public enum Preset {
    /** Not at all: for fitting few cases quickly. */
    @JsonProperty("none")
    NONE,
    /** Noise, brightness, contrast and mirroring with the published chances; no interpolation. */
    @JsonProperty("light")
    LIGHT,
    /** All of the published augmentation. */
    @JsonProperty("published")
    PUBLISHED
  }

  public TrainConfig {
    network = Objects.requireNonNullElseGet(network, () -> new Network("nano"));
    work = Objects.requireNonNullElseGet(work, () -> Work.of(null, null, null, null));
    optimizer =
        Objects.requireNonNullElseGet(optimizer, () -> OptimizerChoice.of(null, null, null, null));
    schedule = Objects.requireNonNullElseGet(schedule, () -> Schedule.of(null, null, null));
    arithmetic = Objects.requireNonNullElseGet(arithmetic, Arithmetic::published);
    augmentation = Objects.requireNonNullElse(augmentation, Preset.PUBLISHED);
    validation = Objects.requireNonNullElseGet(validation, () -> Validation.of(null, null));
    keeping = Objects.requireNonNullElseGet(keeping, () -> Keeping.of(null, null));
    network.requireLegal();
    if (work.epochs() > 0) {
      between("train.schedule.warmup", schedule.warmup(), 0, work.iterations() - 1);
    } else if (network.weights() == null) {
      throw new IllegalArgumentException(
          "train.epochs: 0 takes weights as they are, so network.weights must name their file");
    }
  }

  /** Every default. */
  @SuppressWarnings("NullAway") // the compact constructor replaces what is absent
  public static TrainConfig defaults() {
    return new TrainConfig(null, null, null, null, null, null, null, null);
  }

  /** Jackson leaves keys nobody knows to their fate as soon as one record is unwrapped. */
  @JsonAnySetter
  void refuse(String key, @Nullable Object value) {
    if (!UNWRAPPED_KEYS.contains(key)) {
      throw new IllegalArgumentException("train." + key + ": there is no such key");
    }
  }

  /** Which network: a variant and what differs from it; see {@link UnetrPlusPlusConfig}. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Network(
      String variant,
      @Nullable List<Integer> patch,
      @Nullable List<Integer> widths,
      @Nullable List<Integer> stem,
      @Nullable Integer featureSize,
      @Nullable Boolean dropout,
      @Nullable String weights) {

    public Network {
      variant = Objects.requireNonNullElse(variant, "nano");
      dropout = Objects.requireNonNullElse(dropout, true);
      if (featureSize != null) {
        between("train.network.featureSize", featureSize, 1, 1024);
      }
    }

    Network(String variant) {
      this(variant, null, null, null, null, null, null);
    }

    /**
     * Refuses a network that no dataset can have, before anything is spent on it.
     *
     * @throws IllegalArgumentException naming the key and the nearest legal patch
     */
    void requireLegal() {
      UnetrPlusPlusConfig published = UnetrPlusPlusConfig.variant(variant, 1, 2);
      List<Integer> strides = stem == null ? published.stem() : stem;
      List<Integer> sizes = patch == null ? published.patch() : patch;
      if (strides.size() == sizes.size()) {
        List<Integer> nearest = nearestLegal(sizes, strides);
        if (!nearest.equals(sizes)) {
          throw new IllegalArgumentException(
              "train.network.%s: expected a patch of 8 strides of the stem, or a multiple, along each axis, the nearest being %s, but found patch %s with stem %s"
                  .formatted(patch == null ? "stem" : "patch", nearest, sizes, strides));
        }
      }
      try {
        resolve(1, 2);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("train.network." + e.getMessage(), e);
      }
    }

    private static List<Integer> nearestLegal(List<Integer> sizes, List<Integer> strides) {
      List<Integer> nearest = new ArrayList<>();
      for (int axis = 0; axis < sizes.size(); axis++) {
        int step = Math.max(1, strides.get(axis)) * HALVINGS;
        nearest.add(Math.max(1, Math.round((float) sizes.get(axis) / step)) * step);
      }
      return nearest;
    }

    /**
     * The network for a dataset.
     *
     * @param channels image channels
     * @param classes labels including background
     * @throws IllegalArgumentException naming the key that does not fit
     */
    UnetrPlusPlusConfig resolve(int channels, int classes) {
      UnetrPlusPlusConfig config = UnetrPlusPlusConfig.variant(variant, channels, classes);
      config = stem == null ? config : config.withStem(stem);
      config = patch == null ? config : config.withPatch(patch);
      config = widths == null ? config : config.withWidths(widths);
      config = featureSize == null ? config : config.withFeatureSize(featureSize);
      return Boolean.FALSE.equals(dropout) ? config.withoutDropout() : config;
    }
  }

  /** How much is trained on what. */
  public record Work(int epochs, int iterationsPerEpoch, int batch, double foreground) {

    public Work {
      between("train.epochs", epochs, 0, 100_000);
      between("train.iterationsPerEpoch", iterationsPerEpoch, 1, 100_000);
      between("train.batch", batch, 1, 256);
      fraction("train.foreground", foreground);
    }

    @JsonCreator
    static Work of(
        @JsonProperty("epochs") @Nullable Integer epochs,
        @JsonProperty("iterationsPerEpoch") @Nullable Integer iterationsPerEpoch,
        @JsonProperty("batch") @Nullable Integer batch,
        @JsonProperty("foreground") @Nullable Double foreground) {
      return new Work(
          Objects.requireNonNullElse(epochs, 1000),
          Objects.requireNonNullElse(iterationsPerEpoch, 250),
          Objects.requireNonNullElse(batch, 2),
          Objects.requireNonNullElse(foreground, 0.33));
    }

    /** Iterations of the whole training. */
    long iterations() {
      return (long) epochs * iterationsPerEpoch;
    }
  }

  /** How often the held-out cases are looked at. */
  public record Validation(int every, int batches) {

    public Validation {
      between("train.validation.every", every, 1, 100_000);
      between("train.validation.batches", batches, 0, 10_000);
    }

    @JsonCreator
    static Validation of(
        @JsonProperty("every") @Nullable Integer every,
        @JsonProperty("batches") @Nullable Integer batches) {
      return new Validation(
          Objects.requireNonNullElse(every, 1), Objects.requireNonNullElse(batches, 50));
    }
  }

  /** Which checkpoints are kept. */
  public record Keeping(int checkpointEvery, int keep) {

    public Keeping {
      between("train.checkpointEvery", checkpointEvery, 1, 100_000);
      between("train.keep", keep, 1, 1000);
    }

    @JsonCreator
    static Keeping of(
        @JsonProperty("checkpointEvery") @Nullable Integer checkpointEvery,
        @JsonProperty("keep") @Nullable Integer keep) {
      return new Keeping(
          Objects.requireNonNullElse(checkpointEvery, 1), Objects.requireNonNullElse(keep, 2));
    }
  }
}
