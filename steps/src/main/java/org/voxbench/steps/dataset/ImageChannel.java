package org.voxbench.steps.dataset;

import java.nio.FloatBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One channel of a prepared case; usable by many threads at once.
 *
 * <p>CT voxels are stored in the scan's own units and are clipped and scaled while they are read:
 * those figures come from all cases of a dataset, and one case more must not make every stored case
 * useless. The result is, bit for bit, that of scaling before storing (recipe section 4.4).
 */
public final class ImageChannel {

  private final FloatBuffer stored;
  private final @Nullable Normalization scaling;

  private ImageChannel(FloatBuffer stored, @Nullable Normalization scaling) {
    this.stored = stored;
    this.scaling = scaling;
  }

  /** Voxels that are normalised already. */
  public static ImageChannel normalized(FloatBuffer voxels) {
    return new ImageChannel(voxels.duplicate().rewind(), null);
  }

  static ImageChannel of(FloatBuffer stored, Normalization normalization) {
    boolean scaled = normalization.scheme() == Normalization.Scheme.CT;
    return new ImageChannel(stored, scaled ? normalization : null);
  }

  /** Number of voxels. */
  public int size() {
    return stored.limit();
  }

  /**
   * Copies normalised voxels.
   *
   * @param at linear index {@code (z * Y + y) * X + x} of the first
   * @param offset where the first goes in {@code target}
   */
  public void read(int at, float[] target, int offset, int count) {
    stored.get(at, target, offset, count);
    if (scaling != null) {
      scale(scaling, target, offset, count);
    }
  }

  private static void scale(Normalization how, float[] voxels, int offset, int count) {
    double low = how.low();
    double high = how.high();
    double mean = how.mean();
    double deviation = how.deviation();
    for (int index = offset; index < offset + count; index++) {
      double clipped = Math.max(low, Math.min(high, voxels[index]));
      voxels[index] = (float) ((clipped - mean) / deviation);
    }
  }
}
