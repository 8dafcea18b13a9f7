package org.voxbench.steps.evaluate;

/**
 * The same masks scored by the rules of the published evaluation scripts (recipe section 6.2).
 *
 * @param dice 1 where both masks are empty
 * @param hd95Voxels in voxels, spacing ignored; 0 where either mask is empty
 */
public record AsPublished(double dice, double hd95Voxels) {}
