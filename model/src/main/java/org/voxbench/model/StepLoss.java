package org.voxbench.model;

/**
 * What one training step did.
 *
 * @param loss the deep-supervised loss before the update
 * @param gradientNorm global L2 norm of the gradient before clipping
 * @param applied false where loss or gradient was not finite: weights and statistics then stayed as
 *     they were
 * @param lossScale by what the loss was multiplied for float16; 1 in other precisions
 */
public record StepLoss(double loss, double gradientNorm, boolean applied, double lossScale) {}
