package org.voxbench.steps.train;

/** A patch with its labels: reusable memory that sampling and augmentation write into. */
final class Patch {

  final int channels;

  /** Extent (z, y, x). */
  final int[] shape;

  /** Voxels in one channel. */
  final int voxels;

  /** Channels x z x y x x. */
  final float[] image;

  /** Labels z x y x x; -1 is outside the case. */
  final byte[] label;

  Patch(int channels, int[] shape) {
    this.channels = channels;
    this.shape = shape.clone();
    voxels = Math.multiplyExact(Math.multiplyExact(shape[0], shape[1]), shape[2]);
    image = new float[Math.multiplyExact(channels, voxels)];
    label = new byte[voxels];
  }
}
