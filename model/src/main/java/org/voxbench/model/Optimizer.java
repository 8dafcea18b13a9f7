package org.voxbench.model;

/**
 * The update rule.
 *
 * @param kind which rule
 * @param weightDecay added to the gradient (SGD) or decoupled from it (AdamW), on all parameters
 * @param momentum Nesterov momentum (SGD) or decay of the first moment (AdamW), in [0, 1)
 * @param secondMoment decay of the second moment (AdamW), in [0, 1)
 */
public record Optimizer(Kind kind, double weightDecay, double momentum, double secondMoment) {

  /** An update rule. */
  public enum Kind {
    /** Stochastic gradient descent with Nesterov momentum, the published rule. */
    SGD,
    ADAMW
  }

  public Optimizer {
    Checks.between("optimizer.weightDecay", weightDecay, 0, 1);
    Checks.probability("optimizer.momentum", momentum);
    Checks.probability("optimizer.secondMoment", secondMoment);
  }

  /** The published rule: momentum 0.99, weight decay 3e-5 (recipe section 2.1). */
  public static Optimizer sgd() {
    return new Optimizer(Kind.SGD, 3e-5, 0.99, 0.999);
  }

  /** AdamW with its usual moments 0.9 and 0.999 and weight decay 0.01. */
  public static Optimizer adamw() {
    return new Optimizer(Kind.ADAMW, 0.01, 0.9, 0.999);
  }
}
