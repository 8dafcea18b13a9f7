package org.voxbench.steps.evaluate;

/**
 * A box of voxels, both ends inclusive.
 *
 * @param lowZ first slice; the others likewise
 */
record Box(int lowZ, int lowY, int lowX, int highZ, int highY, int highX) {

  /** The tight box around voxels given by index, of which there is at least one. */
  static Box around(int[] voxels, Lattice lattice) {
    Box box = at(voxels[0], lattice);
    for (int voxel : voxels) {
      int z = lattice.z(voxel);
      int y = lattice.y(voxel);
      int x = lattice.x(voxel);
      if (!box.holds(z, y, x)) {
        box = box.with(z, y, x);
      }
    }
    return box;
  }

  private static Box at(int voxel, Lattice lattice) {
    int z = lattice.z(voxel);
    int y = lattice.y(voxel);
    int x = lattice.x(voxel);
    return new Box(z, y, x, z, y, x);
  }

  private boolean holds(int z, int y, int x) {
    return z >= lowZ && z <= highZ && y >= lowY && y <= highY && x >= lowX && x <= highX;
  }

  Box with(int z, int y, int x) {
    return join(new Box(z, y, x, z, y, x));
  }

  Box join(Box other) {
    return new Box(
        Math.min(lowZ, other.lowZ),
        Math.min(lowY, other.lowY),
        Math.min(lowX, other.lowX),
        Math.max(highZ, other.highZ),
        Math.max(highY, other.highY),
        Math.max(highX, other.highX));
  }

  int depth() {
    return highZ - lowZ + 1;
  }

  int height() {
    return highY - lowY + 1;
  }

  int width() {
    return highX - lowX + 1;
  }
}
