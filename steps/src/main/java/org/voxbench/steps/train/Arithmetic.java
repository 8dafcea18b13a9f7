package org.voxbench.steps.train;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.voxbench.model.Precision;
import org.voxbench.model.TrainingOptions;

/**
 * Loss and number format.
 *
 * @param precision number format of the forward and backward pass
 * @param gradientClip largest global L2 norm of the gradient
 * @param batchDice whether Dice sums run over the batch too
 * @param deepSupervision whether the two coarser outputs enter the loss
 * @param recompute whether activations are recomputed in the backward pass
 */
public record Arithmetic(
    Format precision,
    double gradientClip,
    boolean batchDice,
    boolean deepSupervision,
    boolean recompute) {

  /** A number format. */
  public enum Format {
    /** bfloat16 where the processor computes it natively, else float32. */
    @JsonProperty("auto")
    AUTO,
    @JsonProperty("float32")
    FLOAT32,
    @JsonProperty("bfloat16")
    BFLOAT16,
    @JsonProperty("float16")
    FLOAT16
  }

  public Arithmetic {
    Ranges.positive("train.gradientClip", gradientClip, 1e9);
  }

  @JsonCreator
  static Arithmetic of(
      @JsonProperty("precision") @Nullable Format precision,
      @JsonProperty("gradientClip") @Nullable Double gradientClip,
      @JsonProperty("batchDice") @Nullable Boolean batchDice,
      @JsonProperty("deepSupervision") @Nullable Boolean deepSupervision,
      @JsonProperty("recompute") @Nullable Boolean recompute) {
    return new Arithmetic(
        Objects.requireNonNullElse(precision, Format.AUTO),
        Objects.requireNonNullElse(gradientClip, 12.0),
        Objects.requireNonNullElse(batchDice, true),
        Objects.requireNonNullElse(deepSupervision, true),
        Objects.requireNonNullElse(recompute, false));
  }

  static Arithmetic published() {
    return of(null, null, null, null, null);
  }

  TrainingOptions resolve(OptimizerChoice optimizer) {
    return new TrainingOptions(
        optimizer.resolve(),
        gradientClip,
        batchDice,
        deepSupervision,
        Precision.valueOf(precision.name()),
        recompute);
  }
}
