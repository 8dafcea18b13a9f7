package org.voxbench.steps.train;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.voxbench.model.LearningRate;

/**
 * How the learning rate changes (recipe section 2.1).
 *
 * @param kind how it falls
 * @param warmup iterations over which it rises to its largest value
 * @param per whether it falls once an epoch, as published, or with every iteration
 */
public record Schedule(Kind kind, int warmup, Per per) {

  /** How the learning rate falls. */
  public enum Kind {
    /** (1 - finished share)^0.9, the published rule. */
    @JsonProperty("poly")
    POLY,
    @JsonProperty("cosine")
    COSINE,
    @JsonProperty("constant")
    CONSTANT
  }

  /** How often the learning rate falls. */
  public enum Per {
    @JsonProperty("epoch")
    EPOCH,
    @JsonProperty("iteration")
    ITERATION
  }

  public Schedule {
    Ranges.between("train.schedule.warmup", warmup, 0, Integer.MAX_VALUE);
  }

  @JsonCreator
  static Schedule of(
      @JsonProperty("kind") @Nullable Kind kind,
      @JsonProperty("warmup") @Nullable Integer warmup,
      @JsonProperty("per") @Nullable Per per) {
    return new Schedule(
        Objects.requireNonNullElse(kind, Kind.POLY),
        Objects.requireNonNullElse(warmup, 0),
        Objects.requireNonNullElse(per, Per.EPOCH));
  }

  /**
   * The learning rate of one iteration.
   *
   * @param iteration iterations finished in all epochs together, from 0
   */
  double learningRate(double largest, long iteration, TrainConfig.Work work) {
    LearningRate.Kind rule = LearningRate.Kind.valueOf(kind.name());
    LearningRate rate = new LearningRate(rule, largest, work.iterations(), warmup);
    if (iteration < warmup || per == Per.ITERATION) {
      return rate.at((double) iteration);
    }
    long epochStart = iteration - iteration % work.iterationsPerEpoch();
    return rate.at((double) Math.max(warmup, epochStart));
  }
}
