package org.voxbench.steps.dataset;

import org.voxbench.steps.volume.GridShape;

/**
 * A box of voxels: from (inclusive) and to (exclusive) along z, y and x.
 *
 * @param z first slice
 * @param y first row
 * @param x first column
 * @param shape voxels inside the box
 */
public record CropBox(int z, int y, int x, GridShape shape) {

  public CropBox {
    if (z < 0 || y < 0 || x < 0) {
      throw new IllegalArgumentException(
          "crop: expected a start of at least 0 but was [%d, %d, %d]".formatted(z, y, x));
    }
  }

  /** The box that holds all of {@code shape}. */
  public static CropBox all(GridShape shape) {
    return new CropBox(0, 0, 0, shape);
  }
}
