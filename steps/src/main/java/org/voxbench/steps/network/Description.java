package org.voxbench.steps.network;

import java.util.List;

/**
 * A network without its weights.
 *
 * @param network what it was asked for by
 * @param input one sample (channels, z, y, x)
 * @param output its logits (classes, z, y, x)
 * @param layers in the order of the data flow
 * @param parameters trained numbers
 * @param flops multiply-adds of one sample as fvcore counts them
 * @param training estimated peak memory of training with one sample a step
 */
public record Description(
    String network,
    List<Integer> input,
    List<Integer> output,
    List<Layer> layers,
    long parameters,
    long flops,
    List<Memory> training) {

  /**
   * One row.
   *
   * @param name prefix of the tensors' names
   * @param output shape (channels, z, y, x) of one sample
   * @param parameters trained numbers
   * @param flops multiply-adds as fvcore counts them
   */
  public record Layer(String name, List<Integer> output, long parameters, long flops) {}

  /**
   * The peak of a training process on the CPU, by {@link org.voxbench.model.TrainingMemory}.
   *
   * @param precision float32 or bfloat16; float16 takes as much
   * @param recompute whether activations are recomputed in the backward pass
   * @param bytes resident memory
   */
  public record Memory(String precision, boolean recompute, long bytes) {}
}
