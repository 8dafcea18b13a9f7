package org.voxbench.steps.volume;

/**
 * Changes the resolution of volumes as nnU-Net does (recipe section 4.4). The result does not
 * depend on the number of threads.
 */
public final class Resampler {

  private static final double SEPARATE_ABOVE = 3;

  private Resampler() {}

  /** The shape a volume takes at another spacing: old / new times shape, rounded half to even. */
  public static GridShape shapeAt(GridShape shape, Spacing spacing, Spacing target) {
    int[] result = new int[3];
    for (int axis = 0; axis < 3; axis++) {
      double size = Math.rint(spacing.along(axis) / target.along(axis) * shape.along(axis));
      result[axis] = (int) Math.max(1, Math.min(Integer.MAX_VALUE, size));
    }
    return GridShape.of(result);
  }

  /**
   * The axis (0 z, 1 y, 2 x) to be resampled by nearest neighbour apart from the others: the
   * coarsest one where it is more than three times the finest, in the original or else in the
   * target spacing; -1 where there is none or two share the coarsest value.
   */
  public static int separateAxis(Spacing original, Spacing target) {
    Spacing decides = original.anisotropy() > SEPARATE_ABOVE ? original : target;
    if (!(decides.anisotropy() > SEPARATE_ABOVE)) {
      return -1;
    }
    int coarsest = -1;
    double largest = Math.max(decides.z(), Math.max(decides.y(), decides.x()));
    for (int axis = 0; axis < 3; axis++) {
      if (decides.along(axis) == largest) {
        if (coarsest >= 0) {
          return -1;
        }
        coarsest = axis;
      }
    }
    return coarsest;
  }

  /**
   * Resamples an image by cubic B-splines; by nearest neighbour along the separate axis.
   *
   * @param voxels (z, y, x); serves as work space and is not to be used afterwards
   * @param separateAxis from {@link #separateAxis}
   * @param threads at least 1
   * @return {@code voxels} itself when the shape stays
   */
  public static float[] image(
      float[] voxels, GridShape from, GridShape to, int separateAxis, int threads) {
    if (from.equals(to)) {
      return voxels;
    }
    return new ImageResampling(voxels, from, to, separateAxis).run(threads);
  }

  /**
   * Resamples labels: linear per class, the largest share wins; by nearest neighbour along the
   * separate axis.
   *
   * @param voxels (z, y, x); left as they are
   * @param separateAxis from {@link #separateAxis}
   * @param threads at least 1
   * @return {@code voxels} itself when the shape stays
   */
  public static byte[] labels(
      byte[] voxels, GridShape from, GridShape to, int separateAxis, int threads) {
    if (from.equals(to)) {
      return voxels;
    }
    return new LabelResampling(voxels, from, to, separateAxis).run(threads);
  }
}
