package org.voxbench.steps.train;

import java.nio.IntBuffer;
import java.util.List;

/**
 * Chooses where patches lie (recipe section 2.3): a case uniformly; the last samples of a batch are
 * centred on a foreground voxel, of a class drawn uniformly among those the case has; the others
 * lie anywhere, overhanging only where the case is smaller than what is read.
 *
 * <p>Two slips of the published loader are not repeated: padding needed for one small case does not
 * stay for all later ones.
 */
final class PatchSampler {

  /** Where a sample lies: the case and the block's first voxel, which may be negative. */
  @SuppressWarnings("ArrayRecordComponent") // passed on at once; never compared
  record Place(TrainingCase from, int[] corner) {}

  private final List<TrainingCase> cases;
  private final int[] source;
  private final int[] patch;
  private final int unforced;

  /**
   * @param source extent that is read, at least the patch
   * @param patch extent that is learnt
   * @param batch samples of a batch
   * @param foreground share of them that is centred on foreground
   */
  PatchSampler(List<TrainingCase> cases, int[] source, int[] patch, int batch, double foreground) {
    this.cases = List.copyOf(cases);
    this.source = source.clone();
    this.patch = patch.clone();
    unforced = (int) Math.rint(batch * (1 - foreground));
  }

  /** The place of sample {@code sample} of a batch. */
  Place place(int sample, CounterRandom random) {
    TrainingCase from = cases.get(random.below(cases.size()));
    boolean forced = sample >= unforced && !from.foreground().isEmpty();
    int[] centre = forced ? foregroundVoxel(from, random) : new int[0];
    int[] corner = new int[3];
    for (int axis = 0; axis < 3; axis++) {
      int size = from.shape()[axis];
      int pad = Math.max(source[axis] - patch[axis], source[axis] - size);
      int low = Math.floorDiv(-pad, 2);
      int high = size + pad / 2 + pad % 2 - source[axis];
      corner[axis] =
          forced ? Math.max(low, centre[axis] - source[axis] / 2) : random.between(low, high);
    }
    return new Place(from, corner);
  }

  private static int[] foregroundVoxel(TrainingCase from, CounterRandom random) {
    IntBuffer voxels = from.foreground().get(random.below(from.foreground().size()));
    int index = voxels.get(random.below(voxels.limit()));
    int width = from.shape()[2];
    int plane = from.shape()[1] * width;
    return new int[] {index / plane, index % plane / width, index % width};
  }
}
