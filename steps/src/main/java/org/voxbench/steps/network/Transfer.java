package org.voxbench.steps.network;

/**
 * What an import or export did.
 *
 * @param source the file that was read
 * @param form what kind of file it was
 * @param network the network the weights belong to
 * @param size of the weights
 * @param epoch the training's epoch as its trainer wrote it, or -1
 * @param conversion what was changed in the numbers, empty for nothing
 * @param out the file that was written
 * @param plans what the plans beside the file say
 */
public record Transfer(
    String source,
    String form,
    String network,
    Size size,
    long epoch,
    String conversion,
    String out,
    PlansBeside plans) {

  /**
   * How much was written.
   *
   * @param tensors how many
   * @param parameters trained numbers
   */
  public record Size(int tensors, long parameters) {}
}
