package org.voxbench.steps.train;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.List;
import org.voxbench.steps.dataset.ImageChannel;

/** Small cases made in the tests. */
final class Cases {

  private Cases() {}

  /** Grey value of a voxel of {@link #ramp}. */
  static float value(int channel, int z, int y, int x) {
    return 1 + 1000 * channel + 100 * z + 10 * y + x;
  }

  /**
   * A case whose grey values tell where they stand, with one voxel of class 1 and two of class 2.
   */
  static TrainingCase ramp(int channels, int... shape) {
    List<ImageChannel> images = new ArrayList<>();
    int voxels = shape[0] * shape[1] * shape[2];
    for (int c = 0; c < channels; c++) {
      FloatBuffer image = FloatBuffer.allocate(voxels);
      for (int z = 0; z < shape[0]; z++) {
        for (int y = 0; y < shape[1]; y++) {
          for (int x = 0; x < shape[2]; x++) {
            image.put(value(c, z, y, x));
          }
        }
      }
      images.add(ImageChannel.normalized(image));
    }
    ByteBuffer label = ByteBuffer.allocate(voxels);
    label.put(0, (byte) 1);
    label.put(voxels - 1, (byte) 2);
    label.put(voxels - 2, (byte) 2);
    List<IntBuffer> foreground =
        List.of(IntBuffer.wrap(new int[] {0}), IntBuffer.wrap(new int[] {voxels - 2, voxels - 1}));
    return new TrainingCase("ramp", shape, images, label, foreground);
  }
}
