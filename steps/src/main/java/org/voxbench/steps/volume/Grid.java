package org.voxbench.steps.volume;

/**
 * Where the voxels of a volume lie. Axes are in the order of the file: x is the file's fastest
 * axis; nothing is reoriented.
 *
 * @param shape voxels (z, y, x)
 * @param spacing mm (z, y, x)
 * @param affine voxel (x, y, z) to mm; the one the reader's {@link AffineRule} chose
 * @param orientation the file's own fields, written back unchanged
 */
public record Grid(GridShape shape, Spacing spacing, Affine affine, Orientation orientation) {

  /** A grid without rotation whose first voxel is at the origin. */
  public static Grid of(GridShape shape, Spacing spacing) {
    return of(shape, Affine.scaling(spacing));
  }

  /**
   * A grid given by an affine; the spacing is the length of its columns.
   *
   * @throws IllegalArgumentException when a column is zero
   */
  public static Grid of(GridShape shape, Affine affine) {
    Spacing spacing =
        new Spacing(affine.columnLength(2), affine.columnLength(1), affine.columnLength(0));
    return new Grid(shape, spacing, affine, Quaternions.orientationOf(affine));
  }

  /** The same place with other voxels: for a volume whose shape alone is wanted. */
  Grid withShape(GridShape other) {
    return new Grid(other, spacing, affine, orientation);
  }
}
