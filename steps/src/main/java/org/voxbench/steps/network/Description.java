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
 * @param trainingBytes estimated peak memory of training one sample in float32
 */
public record Description(
    String network,
    List<Integer> input,
    List<Integer> output,
    List<Layer> layers,
    long parameters,
    long flops,
    long trainingBytes) {

  /**
   * One row.
   *
   * @param name prefix of the tensors' names
   * @param output shape (channels, z, y, x) of one sample
   * @param parameters trained numbers
   * @param flops multiply-adds as fvcore counts them
   */
  public record Layer(String name, List<Integer> output, long parameters, long flops) {}
}
