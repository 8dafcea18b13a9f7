package org.voxbench.steps.evaluate;

import java.util.Arrays;

/**
 * Finds the surface of a structure: its voxels with a face on another label or the image's edge.
 */
final class Surface {

  private final byte[] labels;
  private final boolean[] inside = new boolean[256];
  private final Lattice lattice;

  Surface(byte[] labels, Structure structure, Lattice lattice) {
    this.labels = labels;
    this.lattice = lattice;
    for (int label = 0; label < inside.length; label++) {
      inside[label] = structure.holds(label);
    }
  }

  /** The ascending indices of the surface voxels within a box that holds the whole structure. */
  int[] voxels(Box box) {
    int[] found = new int[1024];
    int count = 0;
    for (int z = box.lowZ(); z <= box.highZ(); z++) {
      for (int y = box.lowY(); y <= box.highY(); y++) {
        int line = (z * lattice.sizeY() + y) * lattice.sizeX();
        for (int x = box.lowX(); x <= box.highX(); x++) {
          if (inside[labels[line + x] & 0xff] && isOnEdge(z, y, x, line + x)) {
            if (count == found.length) {
              found = Arrays.copyOf(found, 2 * count);
            }
            found[count++] = line + x;
          }
        }
      }
    }
    return Arrays.copyOf(found, count);
  }

  private boolean isOnEdge(int z, int y, int x, int index) {
    int row = lattice.sizeX();
    int slice = lattice.sizeY() * row;
    return z == 0
        || y == 0
        || x == 0
        || z == lattice.sizeZ() - 1
        || y == lattice.sizeY() - 1
        || x == lattice.sizeX() - 1
        || isOutside(index - slice)
        || isOutside(index + slice)
        || isOutside(index - row)
        || isOutside(index + row)
        || isOutside(index - 1)
        || isOutside(index + 1);
  }

  private boolean isOutside(int index) {
    return !inside[labels[index] & 0xff];
  }
}
