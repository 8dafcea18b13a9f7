package org.voxbench.steps.preprocess;

import org.voxbench.steps.dataset.Normalization;

/**
 * Normalises one resampled channel in place (recipe section 4.4); CT is scaled when it is read, see
 * {@link org.voxbench.steps.dataset.ImageChannel}.
 */
final class IntensityScaling {

  private static final double TINY = 1e-8;

  private IntensityScaling() {}

  /** {@code labels} tell where the mask is: at least 0. */
  static void apply(Normalization how, float[] voxels, byte[] labels) {
    if (how.scheme() == Normalization.Scheme.CT) {
      return;
    }
    double sum = 0;
    long count = 0;
    for (int index = 0; index < voxels.length; index++) {
      if (!how.masked() || labels[index] >= 0) {
        sum += voxels[index];
        count++;
      }
    }
    double mean = count == 0 ? 0 : sum / count;
    double square = 0;
    for (int index = 0; index < voxels.length; index++) {
      if (!how.masked() || labels[index] >= 0) {
        square += (voxels[index] - mean) * (voxels[index] - mean);
      }
    }
    double deviation = (count == 0 ? 0 : Math.sqrt(square / count)) + TINY;
    for (int index = 0; index < voxels.length; index++) {
      boolean inside = !how.masked() || labels[index] >= 0;
      voxels[index] = inside ? (float) ((voxels[index] - mean) / deviation) : 0;
    }
  }
}
