package org.voxbench.steps.network;

import java.util.List;

/**
 * What an import or export did.
 *
 * @param source the file that was read
 * @param form what kind of file it was
 * @param network the network the weights belong to
 * @param tensors how many
 * @param parameters trained numbers
 * @param epoch the training's epoch as its trainer wrote it, or -1
 * @param conversion what was changed in the numbers, empty for nothing
 * @param out the file that was written
 * @param plans what the plans beside the file say, line by line; empty where there are none
 * @param warnings what does not go together, empty for nothing
 */
public record Transfer(
    String source,
    String form,
    String network,
    int tensors,
    long parameters,
    long epoch,
    String conversion,
    String out,
    List<String> plans,
    List<String> warnings) {}
