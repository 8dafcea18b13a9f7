package org.voxbench.steps.evaluate;

/**
 * The voxel grid of one image; arrays over it are row-major in the order z, y, x.
 *
 * @param sizeZ voxels along z, at least 1; likewise y and x
 * @param spacingZ mm between voxel centres along z, above 0; likewise y and x
 */
record Lattice(int sizeZ, int sizeY, int sizeX, double spacingZ, double spacingY, double spacingX) {

  Lattice {
    if (sizeZ < 1 || sizeY < 1 || sizeX < 1) {
      throw new IllegalArgumentException(
          "expected an image of at least one voxel per axis but found "
              + sizeZ
              + " x "
              + sizeY
              + " x "
              + sizeX);
    }
    if (!(spacingZ > 0 && spacingY > 0 && spacingX > 0)) {
      throw new IllegalArgumentException(
          "expected spacings above 0 mm but found " + spacingZ + ", " + spacingY + ", " + spacingX);
    }
  }

  /**
   * The grid of an array of {@code shape} with {@code spacing} in mm, both in the order z, y, x.
   */
  static Lattice of(int[] shape, double[] spacing) {
    return new Lattice(shape[0], shape[1], shape[2], spacing[0], spacing[1], spacing[2]);
  }

  /** The same grid measured in voxels. */
  Lattice inVoxels() {
    return new Lattice(sizeZ, sizeY, sizeX, 1, 1, 1);
  }

  int voxels() {
    return Math.multiplyExact(Math.multiplyExact(sizeZ, sizeY), sizeX);
  }

  int z(int index) {
    return index / (sizeY * sizeX);
  }

  int y(int index) {
    return index / sizeX % sizeY;
  }

  int x(int index) {
    return index % sizeX;
  }

  /** The length in mm of the diagonal through all voxels: the worst surface distance there is. */
  double diagonal() {
    double z = sizeZ * spacingZ;
    double y = sizeY * spacingY;
    double x = sizeX * spacingX;
    return Math.sqrt(z * z + y * y + x * x);
  }
}
