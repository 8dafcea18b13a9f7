package org.voxbench.steps.train;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.voxbench.model.Optimizer;

/**
 * The update rule; what is left out takes the kind's own default (see {@link TrainConfig}).
 *
 * @param kind which rule
 * @param learningRate the schedule's largest value
 * @param momentum Nesterov momentum (sgd) or decay of the first moment (adamw)
 * @param weightDecay added to the gradient (sgd) or decoupled from it (adamw)
 */
public record OptimizerChoice(Kind kind, double learningRate, double momentum, double weightDecay) {

  /** An update rule. */
  public enum Kind {
    /** The published rule, with Nesterov momentum. */
    @JsonProperty("sgd")
    SGD,
    @JsonProperty("adamw")
    ADAMW
  }

  public OptimizerChoice {
    Ranges.positive("train.optimizer.learningRate", learningRate, 10);
    Ranges.below("train.optimizer.momentum", momentum, 1);
    Ranges.fraction("train.optimizer.weightDecay", weightDecay);
  }

  @JsonCreator
  static OptimizerChoice of(
      @JsonProperty("kind") @Nullable Kind kind,
      @JsonProperty("learningRate") @Nullable Double learningRate,
      @JsonProperty("momentum") @Nullable Double momentum,
      @JsonProperty("weightDecay") @Nullable Double weightDecay) {
    Kind chosen = Objects.requireNonNullElse(kind, Kind.SGD);
    Optimizer standard = standard(chosen);
    return new OptimizerChoice(
        chosen,
        Objects.requireNonNullElse(learningRate, chosen == Kind.SGD ? 0.01 : 0.001),
        Objects.requireNonNullElse(momentum, standard.momentum()),
        Objects.requireNonNullElse(weightDecay, standard.weightDecay()));
  }

  Optimizer resolve() {
    Optimizer standard = standard(kind);
    return new Optimizer(standard.kind(), weightDecay, momentum, standard.secondMoment());
  }

  private static Optimizer standard(Kind kind) {
    return kind == Kind.SGD ? Optimizer.sgd() : Optimizer.adamw();
  }
}
