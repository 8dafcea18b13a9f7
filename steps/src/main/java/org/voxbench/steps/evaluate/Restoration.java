package org.voxbench.steps.evaluate;

import java.util.Arrays;
import org.voxbench.model.SlidingWindow;
import org.voxbench.steps.dataset.CaseGeometry;
import org.voxbench.steps.dataset.CropBox;
import org.voxbench.steps.volume.GridShape;

/**
 * Undoes the preprocessing of a case while its probabilities arrive slice by slice: resamples each
 * class linearly (by nearest neighbour along a separate axis), takes the most probable class and
 * pastes it at the crop box into zeros (recipe section 5.3).
 *
 * <p>Memory: two slices of probabilities on the prepared grid and one byte per original voxel; no
 * probability map of the original size ever exists.
 */
final class Restoration implements SlidingWindow.SliceConsumer {

  private final CropBox crop;
  private final GridShape original;
  private final int classes;
  private final AxisMap alongZ;
  private final AxisMap alongY;
  private final AxisMap alongX;
  private final byte[] labels;
  private final float[] previous;
  private final float[] blended;
  private final float[] line;
  private final float[] best;
  private int next;

  Restoration(CaseGeometry geometry, int classes) {
    this.crop = geometry.crop();
    this.original = geometry.original().shape();
    this.classes = classes;
    this.alongZ = map(geometry, 0);
    this.alongY = map(geometry, 1);
    this.alongX = map(geometry, 2);
    this.labels = new byte[original.arrayLength()];
    int slice = classes * geometry.preparedShape().y() * geometry.preparedShape().x();
    this.previous = new float[slice];
    this.blended = new float[slice];
    this.line = new float[geometry.preparedShape().x()];
    this.best = new float[crop.shape().x()];
  }

  private static AxisMap map(CaseGeometry geometry, int axis) {
    return AxisMap.between(
        geometry.preparedShape().along(axis),
        geometry.crop().shape().along(axis),
        geometry.separateAxis() == axis);
  }

  @Override
  public void accept(int z, float[] probabilities) {
    for (; next < alongZ.length() && alongZ.high(next) <= z; next++) {
      float share = alongZ.share(next);
      float[] slice = probabilities;
      if (alongZ.low(next) < z) {
        for (int i = 0; i < blended.length; i++) {
          blended[i] = previous[i] + share * (probabilities[i] - previous[i]);
        }
        slice = blended;
      }
      for (int y = 0; y < alongY.length(); y++) {
        restoreLine(slice, y);
      }
    }
    System.arraycopy(probabilities, 0, previous, 0, previous.length);
  }

  private void restoreLine(float[] slice, int y) {
    int width = alongX.from();
    int to = ((crop.z() + next) * original.y() + crop.y() + y) * original.x() + crop.x();
    float share = alongY.share(y);
    Arrays.fill(best, Float.NEGATIVE_INFINITY);
    for (int label = 0; label < classes; label++) {
      int low = (label * alongY.from() + alongY.low(y)) * width;
      int high = (label * alongY.from() + alongY.high(y)) * width;
      for (int x = 0; x < width; x++) {
        line[x] = slice[low + x] + share * (slice[high + x] - slice[low + x]);
      }
      for (int x = 0; x < best.length; x++) {
        float below = line[alongX.low(x)];
        float value = below + alongX.share(x) * (line[alongX.high(x)] - below);
        if (value > best[x]) {
          best[x] = value;
          labels[to + x] = (byte) label;
        }
      }
    }
  }

  /**
   * The class per voxel of the original grid.
   *
   * @throws IllegalStateException when slices are missing
   */
  byte[] labels() {
    if (next < alongZ.length()) {
      throw new IllegalStateException(
          "restored " + next + " of " + alongZ.length() + " slices: the prediction is incomplete");
    }
    return labels;
  }
}
