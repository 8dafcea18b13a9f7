package org.voxbench.model;

/**
 * How to train; {@link #published} gives the values of recipe sections 2.1 and 2.2.
 *
 * @param optimizer the update rule
 * @param gradientClip largest global L2 norm of the gradient; it is scaled down to it
 * @param batchDice whether Dice sums run over the batch too, or each sample has its own
 * @param deepSupervision whether the two lower outputs enter the loss with weights 4:2:1
 * @param precision number format of the forward and backward pass
 * @param checkpointing whether to recompute activations in the backward pass: less memory, more
 *     time, the same numbers bit for bit
 */
public record TrainingOptions(
    Optimizer optimizer,
    double gradientClip,
    boolean batchDice,
    boolean deepSupervision,
    Precision precision,
    boolean checkpointing) {

  public TrainingOptions {
    Checks.positive("gradientClip", gradientClip);
  }

  /** SGD, clipping at 12, batch Dice, deep supervision. */
  public static TrainingOptions published(Precision precision) {
    return new TrainingOptions(Optimizer.sgd(), 12, true, true, precision, false);
  }

  /** The same, recomputing activations in the backward pass. */
  public TrainingOptions withCheckpointing() {
    return new TrainingOptions(
        optimizer, gradientClip, batchDice, deepSupervision, precision, true);
  }

  /** The same with another update rule. */
  public TrainingOptions withOptimizer(Optimizer other) {
    return new TrainingOptions(
        other, gradientClip, batchDice, deepSupervision, precision, checkpointing);
  }
}
