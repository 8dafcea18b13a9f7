package org.voxbench.steps.preprocess;

import java.util.List;
import org.voxbench.steps.dataset.CropBox;
import org.voxbench.steps.volume.GridShape;

/**
 * The part of a scan that holds something: voxels that differ from 0 in any channel, holes filled
 * (recipe section 4.2).
 */
final class NonZeroRegion {

  private static final byte EMPTY = 0;
  private static final byte FILLED = 1;
  private static final byte OUTSIDE = 2;

  private final GridShape shape;
  private final byte[] state;

  private NonZeroRegion(GridShape shape, byte[] state) {
    this.shape = shape;
    this.state = state;
  }

  static NonZeroRegion of(GridShape shape, List<float[]> channels) {
    byte[] state = new byte[shape.arrayLength()];
    for (float[] voxels : channels) {
      for (int index = 0; index < state.length; index++) {
        if (voxels[index] != 0) {
          state[index] = FILLED;
        }
      }
    }
    NonZeroRegion region = new NonZeroRegion(shape, state);
    region.floodFromTheBorder();
    return region;
  }

  /** Whether a voxel is outside: 0, and joined to the border by face neighbours that are 0. */
  boolean isOutside(int index) {
    return state[index] == OUTSIDE;
  }

  /** Sweeps to and fro until nothing changes; needs no queue, which could outgrow the image. */
  private void floodFromTheBorder() {
    boolean changed = true;
    while (changed) {
      changed = false;
      for (int line = 0; line < shape.z() * shape.y(); line++) {
        changed |= sweepLine(line);
      }
      for (int line = shape.z() * shape.y() - 1; line >= 0; line--) {
        changed |= sweepLine(line);
      }
    }
  }

  private boolean sweepLine(int line) {
    int z = line / shape.y();
    int y = line % shape.y();
    boolean edge = z == 0 || z == shape.z() - 1 || y == 0 || y == shape.y() - 1;
    int start = line * shape.x();
    int end = start + shape.x();
    boolean changed = false;
    for (int at = start; at < end; at++) {
      if (state[at] == EMPTY && (edge || at == start || at == end - 1 || touchesOutside(at))) {
        state[at] = OUTSIDE;
        changed = true;
      }
    }
    for (int at = end - 2; at >= start; at--) {
      if (state[at] == EMPTY && state[at + 1] == OUTSIDE) {
        state[at] = OUTSIDE;
        changed = true;
      }
    }
    return changed;
  }

  /** For a voxel that is not on the border. */
  private boolean touchesOutside(int at) {
    int row = shape.x();
    int slice = shape.x() * shape.y();
    return state[at - 1] == OUTSIDE
        || state[at + 1] == OUTSIDE
        || state[at - row] == OUTSIDE
        || state[at + row] == OUTSIDE
        || state[at - slice] == OUTSIDE
        || state[at + slice] == OUTSIDE;
  }

  /** The tight box around the region; all of the scan when every voxel is 0. */
  CropBox box() {
    int[] low = {shape.z(), shape.y(), shape.x()};
    int[] high = {-1, -1, -1};
    int at = 0;
    for (int z = 0; z < shape.z(); z++) {
      for (int y = 0; y < shape.y(); y++) {
        for (int x = 0; x < shape.x(); x++) {
          if (state[at++] == FILLED) {
            widen(low, high, z, y, x);
          }
        }
      }
    }
    if (high[0] < 0) {
      return CropBox.all(shape);
    }
    return new CropBox(
        low[0],
        low[1],
        low[2],
        new GridShape(high[0] - low[0] + 1, high[1] - low[1] + 1, high[2] - low[2] + 1));
  }

  private static void widen(int[] low, int[] high, int z, int y, int x) {
    low[0] = Math.min(low[0], z);
    high[0] = Math.max(high[0], z);
    low[1] = Math.min(low[1], y);
    high[1] = Math.max(high[1], y);
    low[2] = Math.min(low[2], x);
    high[2] = Math.max(high[2], x);
  }

  /** Marks unlabelled voxels outside the region by -1, in place. */
  void markOutside(byte[] labels) {
    for (int index = 0; index < labels.length; index++) {
      if (labels[index] == 0 && isOutside(index)) {
        labels[index] = -1;
      }
    }
  }

  /** The voxels of a box; {@code voxels} itself when it is all of them. */
  static float[] crop(float[] voxels, GridShape shape, CropBox box) {
    if (box.shape().equals(shape)) {
      return voxels;
    }
    float[] cropped = new float[box.shape().arrayLength()];
    for (int line = 0; line < box.shape().z() * box.shape().y(); line++) {
      System.arraycopy(
          voxels, source(shape, box, line), cropped, line * box.shape().x(), box.shape().x());
    }
    return cropped;
  }

  /** The labels of a box; {@code labels} itself when it is all of them. */
  static byte[] crop(byte[] labels, GridShape shape, CropBox box) {
    if (box.shape().equals(shape)) {
      return labels;
    }
    byte[] cropped = new byte[box.shape().arrayLength()];
    for (int line = 0; line < box.shape().z() * box.shape().y(); line++) {
      System.arraycopy(
          labels, source(shape, box, line), cropped, line * box.shape().x(), box.shape().x());
    }
    return cropped;
  }

  private static int source(GridShape shape, CropBox box, int line) {
    int z = box.z() + line / box.shape().y();
    int y = box.y() + line % box.shape().y();
    return (z * shape.y() + y) * shape.x() + box.x();
  }
}
