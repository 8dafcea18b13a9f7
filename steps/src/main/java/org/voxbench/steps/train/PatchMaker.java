package org.voxbench.steps.train;

import java.util.List;
import org.voxbench.model.Batch;
import org.voxbench.steps.train.CounterRandom.Purpose;

/**
 * Fills batches: places, reads and augments every sample as a function of (seed, epoch, iteration,
 * sample). One thread at a time; patches are worked on in memory that is made once.
 */
final class PatchMaker {

  private final PatchSampler sampler;
  private final Augmentation augmentation;
  private final List<Boolean> masked;
  private final Counters counters;
  private final Patch patch;
  private final Patch source;

  /**
   * What the draws of a maker depend on besides the sample's number.
   *
   * @param seed the run's seed
   * @param places purpose of the draws that place a patch
   */
  record Counters(long seed, Purpose places, int iterationsPerEpoch) {}

  /**
   * @param masked per channel: whether voxels outside the scan are set to 0 after augmentation
   * @param patch extent (z, y, x) that is learnt
   */
  PatchMaker(
      PatchSampler sampler,
      Augmentation augmentation,
      List<Boolean> masked,
      Counters counters,
      int[] patch) {
    this.sampler = sampler;
    this.augmentation = augmentation;
    this.masked = List.copyOf(masked);
    this.counters = counters;
    this.patch = new Patch(masked.size(), patch);
    int[] sourceShape = augmentation.sourceShape(patch);
    source = new Patch(masked.size(), sourceShape);
  }

  /** Writes the batch of an iteration, counted over all epochs from 0. */
  void fill(Batch batch, long iteration) {
    for (int sample = 0; sample < batch.size(); sample++) {
      make(sample, iteration);
      int offset = sample * patch.image.length;
      System.arraycopy(patch.image, 0, batch.images(), offset, patch.image.length);
      System.arraycopy(patch.label, 0, batch.labels(), sample * patch.voxels, patch.voxels);
    }
  }

  private void make(int sample, long iteration) {
    PatchSampler.Place place = sampler.place(sample, random(counters.places(), iteration, sample));
    CounterRandom random = random(Purpose.TRAINING_AUGMENTATION, iteration, sample);
    SpatialTransform spatial = augmentation.spatial(random);
    if (spatial.isIdentity()) {
      int[] corner = place.corner().clone();
      for (int axis = 0; axis < 3; axis++) {
        corner[axis] += (source.shape[axis] - patch.shape[axis]) / 2;
      }
      place.from().read(corner, patch);
    } else {
      place.from().read(place.corner(), source);
      spatial.apply(source, patch);
    }
    augmentation.apply(patch, random);
    mask();
  }

  private CounterRandom random(Purpose purpose, long iteration, int sample) {
    int epoch = (int) (iteration / counters.iterationsPerEpoch());
    int within = (int) (iteration % counters.iterationsPerEpoch());
    return new CounterRandom(counters.seed(), purpose, epoch, within, sample);
  }

  private void mask() {
    for (int c = 0; c < patch.channels; c++) {
      if (masked.get(c)) {
        for (int i = 0; i < patch.voxels; i++) {
          if (patch.label[i] < 0) {
            patch.image[c * patch.voxels + i] = 0;
          }
        }
      }
    }
  }
}
