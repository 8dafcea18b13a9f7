package org.voxbench.steps.train;

import java.nio.ByteBuffer;
import java.nio.IntBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.voxbench.steps.dataset.ImageChannel;
import org.voxbench.steps.dataset.PreparedCase;

/**
 * One prepared case as the sampler reads it; the buffers may be mapped files.
 *
 * @param id the case's id
 * @param shape extent (z, y, x)
 * @param image per channel the voxels (z, y, x)
 * @param label class per voxel, -1 outside the scan
 * @param foreground for each class that occurs, linear indices of some of its voxels
 */
@SuppressWarnings("ArrayRecordComponent") // a view of large data; cases are never compared
record TrainingCase(
    String id,
    int[] shape,
    List<ImageChannel> image,
    ByteBuffer label,
    List<IntBuffer> foreground) {

  TrainingCase {
    image = List.copyOf(image);
    foreground = List.copyOf(foreground);
  }

  static TrainingCase of(PreparedCase prepared) {
    return new TrainingCase(
        prepared.id(),
        new int[] {prepared.shape().z(), prepared.shape().y(), prepared.shape().x()},
        IntStream.range(0, prepared.channels()).mapToObj(prepared::image).toList(),
        prepared.labels(),
        prepared.foregroundClasses().stream().sorted().map(prepared::locations).toList());
  }

  /**
   * Copies the block at {@code corner}; what lies outside the case becomes image 0 and label -1
   * (recipe section 2.3).
   */
  void read(int[] corner, Patch target) {
    int[] size = target.shape;
    int x0 = Math.max(0, corner[2]);
    int length = Math.min(shape[2], corner[2] + size[2]) - x0;
    if (!contains(corner, size)) {
      Arrays.fill(target.image, 0);
      Arrays.fill(target.label, (byte) -1);
    }
    int plane = shape[1] * shape[2];
    for (int z = Math.max(0, -corner[0]); z < Math.min(size[0], shape[0] - corner[0]); z++) {
      for (int y = Math.max(0, -corner[1]); y < Math.min(size[1], shape[1] - corner[1]); y++) {
        int from = (corner[0] + z) * plane + (corner[1] + y) * shape[2] + x0;
        int to = (z * size[1] + y) * size[2] + x0 - corner[2];
        if (length > 0) {
          label.get(from, target.label, to, length);
          for (int c = 0; c < target.channels; c++) {
            image.get(c).read(from, target.image, c * target.voxels + to, length);
          }
        }
      }
    }
  }

  private boolean contains(int[] corner, int[] size) {
    for (int axis = 0; axis < 3; axis++) {
      if (corner[axis] < 0 || corner[axis] + size[axis] > shape[axis]) {
        return false;
      }
    }
    return true;
  }
}
