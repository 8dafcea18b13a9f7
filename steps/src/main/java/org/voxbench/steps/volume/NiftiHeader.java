package org.voxbench.steps.volume;

/**
 * What a NIfTI file's header says, checked against the size of the file.
 *
 * @param grid shape, spacing and place of the voxels
 * @param channels size of the fourth dimension, 1 for a 3-D file
 * @param type how a voxel is stored
 * @param slope stored value times slope plus intercept is the value; 1 when the file gives none
 * @param intercept see slope
 */
public record NiftiHeader(Grid grid, int channels, VoxelType type, double slope, double intercept) {

  /** Bytes of all voxels as stored, uncompressed. */
  public long storedBytes() {
    return Math.multiplyExact(grid.shape().voxels() * channels, (long) type.bytes());
  }
}
