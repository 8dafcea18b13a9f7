package org.voxbench.steps.evaluate;

import org.voxbench.model.SlidingWindow;
import org.voxbench.steps.dataset.CaseGeometry;
import org.voxbench.steps.dataset.CropBox;
import org.voxbench.steps.volume.GridShape;
import org.voxbench.steps.volume.ProbabilityResampler;

/**
 * Undoes the preprocessing of a case while its probabilities arrive slice by slice: back to the
 * cropped grid, the most probable class per voxel, pasted at the crop box into zeros (recipe
 * section 5.3).
 *
 * <p>Memory: two slices of probabilities on the prepared grid and one byte per original voxel; no
 * probability map of the original size ever exists.
 */
final class Restoration implements SlidingWindow.SliceConsumer {

  private final CropBox crop;
  private final GridShape original;
  private final byte[] labels;
  private final ProbabilityResampler resampler;
  private int restored;

  Restoration(CaseGeometry geometry, int classes) {
    crop = geometry.crop();
    original = geometry.original().shape();
    labels = new byte[original.arrayLength()];
    resampler =
        new ProbabilityResampler(
            classes, geometry.preparedShape(), crop.shape(), geometry.separateAxis(), this::paste);
  }

  @Override
  public void accept(int z, float[] probabilities) {
    resampler.accept(probabilities);
  }

  private void paste(int z, byte[] slice) {
    int width = crop.shape().x();
    for (int y = 0; y < crop.shape().y(); y++) {
      int to = ((crop.z() + z) * original.y() + crop.y() + y) * original.x() + crop.x();
      System.arraycopy(slice, y * width, labels, to, width);
    }
    restored++;
  }

  /**
   * The class per voxel of the original grid.
   *
   * @throws IllegalStateException when slices are missing
   */
  byte[] labels() {
    if (!resampler.isComplete()) {
      throw new IllegalStateException(
          "restored %d of %d slices: the prediction is incomplete"
              .formatted(restored, crop.shape().z()));
    }
    return labels;
  }
}
