package org.voxbench.steps.volume;

/**
 * A label map: class numbers on a grid. The array is handed over, not copied.
 *
 * @param grid where the voxels lie
 * @param voxels class per voxel (z, y, x), x fastest; 0 to 127, and -1 for outside
 */
@SuppressWarnings("ArrayRecordComponent") // never compared: copying a scan to compare it costs more
public record LabelVolume(Grid grid, byte[] voxels) {

  public LabelVolume {
    if (voxels.length != grid.shape().voxels()) {
      throw new IllegalArgumentException(
          "voxels: expected %d for %s but was %d"
              .formatted(grid.shape().voxels(), grid.shape(), voxels.length));
    }
  }
}
