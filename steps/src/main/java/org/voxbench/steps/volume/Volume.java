package org.voxbench.steps.volume;

import java.util.List;

/**
 * An image: float voxels on a grid. The arrays are handed over, not copied: whoever holds the
 * volume owns them.
 *
 * @param grid where the voxels lie
 * @param channels per channel the voxels (z, y, x), x fastest; at least one
 */
public record Volume(Grid grid, List<float[]> channels) {

  public Volume {
    channels = List.copyOf(channels);
    if (channels.isEmpty()) {
      throw new IllegalArgumentException("channels: expected at least 1 but was 0");
    }
    for (float[] voxels : channels) {
      if (voxels.length != grid.shape().voxels()) {
        throw new IllegalArgumentException(
            "channels: expected %d voxels for %s but was %d"
                .formatted(grid.shape().voxels(), grid.shape(), voxels.length));
      }
    }
  }

  /** An image of one channel. */
  public static Volume of(Grid grid, float[] voxels) {
    return new Volume(grid, List.of(voxels));
  }

  /** The voxels (z, y, x) of one channel. */
  public float[] channel(int index) {
    return channels.get(index);
  }
}
