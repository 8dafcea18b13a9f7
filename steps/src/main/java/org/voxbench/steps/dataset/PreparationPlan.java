package org.voxbench.steps.dataset;

import java.util.List;
import org.voxbench.steps.volume.GridShape;
import org.voxbench.steps.volume.Spacing;

/**
 * What preparing does to every case of a dataset.
 *
 * @param spacing target spacing in mm (z, y, x)
 * @param medianShape per axis the median of the cases' shapes at the target spacing
 * @param normalization one entry per channel, in order
 */
public record PreparationPlan(
    Spacing spacing, GridShape medianShape, List<Normalization> normalization) {

  public PreparationPlan {
    normalization = List.copyOf(normalization);
  }
}
