package org.voxbench.model.pytorch;

import org.voxbench.model.Weights;

/**
 * What a weights file holds.
 *
 * @param weights tensors under the published names, in the file's order
 * @param form which kind of file it is, for people
 * @param epoch the training's epoch as its trainer wrote it, or -1 where the file does not say
 * @param conversion what had to be changed to have float32 numbers; empty where nothing was
 */
public record WeightFile(Weights weights, String form, long epoch, String conversion) {}
