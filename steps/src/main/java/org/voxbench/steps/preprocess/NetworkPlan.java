package org.voxbench.steps.preprocess;

import java.util.List;
import org.voxbench.model.Precision;
import org.voxbench.model.TrainingMemory;
import org.voxbench.model.TrainingOptions;
import org.voxbench.model.UnetrPlusPlusConfig;
import org.voxbench.steps.PermanentStepException;
import org.voxbench.steps.volume.GridShape;

/**
 * A patch and batch for a dataset that has no published plan: as much of the median case as the
 * memory allows, in a shape that UNETR++ can take.
 *
 * @param patch voxels (z, y, x) of a training patch; per axis a multiple of eight times the stem
 * @param stem kernel and stride (z, y, x) of the first convolution
 * @param batch patches per iteration, at least 2
 * @param trainingBytes peak memory of training in float32, by {@link TrainingMemory}
 */
public record NetworkPlan(GridShape patch, GridShape stem, int batch, long trainingBytes) {

  /**
   * The published network whose widths and blocks the estimate is of; stem and patch are its own.
   */
  static final String VARIANT = "synapse";

  /** Each of the three stages below the stem halves the grid. */
  private static final int LATER_STAGES = 8;

  private static final int SMALLEST_BATCH = 2;

  /** What the network takes, background included. */
  private static final int MOST_CLASSES = 127;

  /** Share of the dataset's voxels that one batch may cover at most, as published. */
  private static final double LARGEST_SHARE = 0.05;

  private static final double NEARLY_ISOTROPIC = 1.5;
  private static final int MANY_SLICES = 64;

  /**
   * Plans for a memory budget.
   *
   * @param cases number of cases
   * @param classes foreground classes
   * @param memoryBytes memory of the training device
   * @throws PermanentStepException when not even the smallest legal patch fits
   */
  public static NetworkPlan of(Shapes shapes, int cases, int classes, long memoryBytes) {
    GridShape stem = stem(shapes);
    int[] patch = new int[3];
    for (int axis = 0; axis < 3; axis++) {
      int step = stem.along(axis) * LATER_STAGES;
      patch[axis] = (shapes.median().along(axis) + step - 1) / step * step;
    }
    while (bytes(GridShape.of(patch), stem, SMALLEST_BATCH, classes) > memoryBytes) {
      int axis = axisToShrink(patch, stem, shapes.median());
      if (axis < 0) {
        throw new PermanentStepException(
            "plan: expected a patch that trains in %d MiB but the smallest legal one, %s, needs %d MiB; use a device with more memory"
                .formatted(
                    memoryBytes >> 20,
                    GridShape.of(patch),
                    bytes(GridShape.of(patch), stem, SMALLEST_BATCH, classes) >> 20));
      }
      patch[axis] -= stem.along(axis) * LATER_STAGES;
    }
    GridShape chosen = GridShape.of(patch);
    int batch = batch(chosen, stem, shapes.median().voxels() * cases, classes, memoryBytes);
    return new NetworkPlan(chosen, stem, batch, bytes(chosen, stem, batch, classes));
  }

  /**
   * What the plan starts from.
   *
   * @param median median shape at the target spacing
   * @param anisotropy coarsest over finest target spacing, at least 1
   */
  public record Shapes(GridShape median, double anisotropy) {}

  /** Thick slices are not merged at the stem: by one where there are few, by two where many. */
  private static GridShape stem(Shapes shapes) {
    if (shapes.anisotropy() < NEARLY_ISOTROPIC) {
      return new GridShape(4, 4, 4);
    }
    return new GridShape(shapes.median().z() >= MANY_SLICES ? 2 : 1, 4, 4);
  }

  /** The axis on which the patch covers most of the median case; -1 when none can shrink. */
  private static int axisToShrink(int[] patch, GridShape stem, GridShape median) {
    int best = -1;
    double largest = 0;
    for (int axis = 0; axis < 3; axis++) {
      double share = (double) patch[axis] / median.along(axis);
      if (patch[axis] > stem.along(axis) * LATER_STAGES && share > largest) {
        largest = share;
        best = axis;
      }
    }
    return best;
  }

  private static int batch(
      GridShape patch, GridShape stem, long datasetVoxels, int classes, long memoryBytes) {
    int batch = SMALLEST_BATCH;
    while ((batch + 1) * patch.voxels() <= LARGEST_SHARE * datasetVoxels
        && bytes(patch, stem, batch + 1, classes) <= memoryBytes) {
      batch++;
    }
    return batch;
  }

  /** Of one image channel; another adds eight bytes a voxel. */
  private static long bytes(GridShape patch, GridShape stem, int batch, int classes) {
    UnetrPlusPlusConfig network =
        UnetrPlusPlusConfig.variant(VARIANT, 1, Math.min(classes + 1, MOST_CLASSES))
            .withStem(List.of(stem.z(), stem.y(), stem.x()))
            .withPatch(List.of(patch.z(), patch.y(), patch.x()));
    return TrainingMemory.peakBytes(network, batch, TrainingOptions.published(Precision.FLOAT32));
  }
}
