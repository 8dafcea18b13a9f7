package org.voxbench.model;

/**
 * What one validation batch gave, in evaluation mode.
 *
 * @param loss the deep-supervised loss
 * @param truePositives voxels per class where prediction and label agree on it, index 0 background
 * @param falsePositives voxels per class that only the prediction has
 * @param falseNegatives voxels per class that only the labels have
 */
@SuppressWarnings("ArrayRecordComponent") // counters to be added up; never compared
public record ValidationLoss(
    double loss, long[] truePositives, long[] falsePositives, long[] falseNegatives) {}
