package org.voxbench.steps.train;

import org.voxbench.steps.train.TrainConfig.Preset;

/**
 * Random changes of a training patch in the published order (recipe section 3). Elastic deformation
 * and additive brightness are off there and absent here.
 */
final class Augmentation {

  private final Preset preset;
  private final boolean inPlane;

  /**
   * @param inPlane slices are thick: z is neither turned, scaled nor coarsened
   */
  Augmentation(Preset preset, boolean inPlane) {
    this.preset = preset;
    this.inPlane = inPlane;
  }

  /** The turn and scale of the next patch; drawn first because it decides how much is read. */
  SpatialTransform spatial(CounterRandom random) {
    return preset == Preset.PUBLISHED
        ? SpatialTransform.draw(random, inPlane)
        : new SpatialTransform(new double[3], 1, inPlane);
  }

  /** The extent to sample; larger than the patch where turning needs it. */
  int[] sourceShape(int[] patch) {
    return preset == Preset.PUBLISHED
        ? SpatialTransform.sourceShape(patch, inPlane)
        : patch.clone();
  }

  /** Everything after turning and scaling. */
  void apply(Patch patch, CounterRandom random) {
    if (preset == Preset.NONE) {
      return;
    }
    if (random.chance(0.1)) {
      Intensity.addNoise(patch.image, random.uniform(0, 0.1), random);
    }
    if (preset == Preset.PUBLISHED) {
      blur(patch, random);
    }
    if (random.chance(0.15)) {
      for (int c = 0; c < patch.channels; c++) {
        Intensity.multiply(patch, c, random.uniform(0.75, 1.25));
      }
    }
    if (random.chance(0.15)) {
      for (int c = 0; c < patch.channels; c++) {
        Intensity.contrast(patch, c, aroundOne(0.75, 1.25, random));
      }
    }
    if (preset == Preset.PUBLISHED) {
      coarsen(patch, random);
      gamma(patch, random, 0.1, true);
      gamma(patch, random, 0.3, false);
    }
    for (int axis = 0; axis < 3; axis++) {
      if (random.chance(0.5)) {
        Mirror.apply(patch, axis);
      }
    }
  }

  private static void blur(Patch patch, CounterRandom random) {
    if (random.chance(0.2)) {
      for (int c = 0; c < patch.channels; c++) {
        if (random.chance(0.5)) {
          Intensity.blur(patch, c, random.uniform(0.5, 1));
        }
      }
    }
  }

  private void coarsen(Patch patch, CounterRandom random) {
    if (random.chance(0.25)) {
      for (int c = 0; c < patch.channels; c++) {
        if (random.chance(0.5)) {
          LowResolution.apply(patch, c, random.uniform(0.5, 1), inPlane);
        }
      }
    }
  }

  private static void gamma(Patch patch, CounterRandom random, double chance, boolean inverted) {
    if (random.chance(chance)) {
      for (int c = 0; c < patch.channels; c++) {
        Intensity.gamma(patch, c, aroundOne(0.7, 1.5, random), inverted);
      }
    }
  }

  /** Below 1 in half of the draws, above 1 in the others. */
  private static double aroundOne(double low, double high, CounterRandom random) {
    return random.chance(0.5) ? random.uniform(low, 1) : random.uniform(1, high);
  }
}
