package org.voxbench.steps.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.voxbench.model.Batch;
import org.voxbench.steps.train.CounterRandom.Purpose;
import org.voxbench.steps.train.TrainConfig.Preset;

class AugmentationTest {

  @Test
  void whatIsReadForTurningHasThePublishedExtents() {
    assertThat(SpatialTransform.sourceShape(new int[] {64, 128, 128}, true))
        .containsExactly(64, 150, 150);
    assertThat(SpatialTransform.sourceShape(new int[] {64, 128, 128}, false))
        .containsExactly(140, 205, 168);
    assertThat(SpatialTransform.sourceShape(new int[] {16, 160, 160}, true))
        .containsExactly(16, 188, 188);
    assertThat(SpatialTransform.sourceShape(new int[] {16, 160, 160}, false))
        .containsExactly(110, 257, 188);
    assertThat(SpatialTransform.sourceShape(new int[] {32, 192, 192}, false))
        .containsExactly(145, 308, 225);
    assertThat(SpatialTransform.sourceShape(new int[] {128, 128, 128}, false))
        .containsExactly(205, 205, 205);
  }

  @Test
  void aQuarterTurnInThePlaneMovesEveryVoxelToItsPlace() {
    Patch source = gradient(3, 9, 9);
    Patch target = new Patch(1, new int[] {3, 5, 5});
    new SpatialTransform(new double[] {Math.PI / 2, 0, 0}, 1, true).apply(source, target);

    // Row vector (y, x) times [[cos, -sin], [sin, cos]] reads (x, -y) for a quarter turn; the
    // centre of nine is rounded half to even, 4.
    for (int z = 0; z < 3; z++) {
      for (int y = 0; y < 5; y++) {
        for (int x = 0; x < 5; x++) {
          double expected = 100 * z + 10 * (x - 2 + 4) + (-(y - 2) + 4);
          assertThat(target.image[(z * 5 + y) * 5 + x]).isCloseTo((float) expected, within(1e-3f));
        }
      }
    }
  }

  @Test
  void turningAndScalingInSpaceReadsALinearImageAtTheTurnedPlace() {
    Patch source = gradient(33, 33, 33);
    Patch target = new Patch(1, new int[] {6, 6, 6});
    double a = 0.3;
    double scale = 1.2;
    new SpatialTransform(new double[] {a, 0, 0}, scale, false).apply(source, target);

    double y = 4 - 2.5;
    double x = 1 - 2.5;
    double turnedY = (y * Math.cos(a) + x * Math.sin(a)) * scale + 16;
    double turnedX = (-y * Math.sin(a) + x * Math.cos(a)) * scale + 16;
    double turnedZ = (3 - 2.5) * scale + 16;
    assertThat(target.image[(3 * 6 + 4) * 6 + 1])
        .isCloseTo((float) (100 * turnedZ + 10 * turnedY + turnedX), within(0.01f));
  }

  @Test
  void beyondTheSourceTheImageIsZeroAndTheLabelBackground() {
    Patch source = gradient(4, 4, 4);
    Arrays.fill(source.label, (byte) 3);
    Patch target = new Patch(1, new int[] {4, 4, 4});

    new SpatialTransform(new double[3], 1.4, false).apply(source, target);

    assertThat(target.image[0]).isZero();
    assertThat(target.label[0]).isZero();
    assertThat(target.label[(2 * 4 + 1) * 4 + 1]).isEqualTo((byte) 3);
  }

  @Test
  void aVoxelTakesTheGreatestLabelWithHalfOfTheWeights() {
    Patch source = gradient(1, 4, 4);
    Arrays.fill(source.label, (byte) 1);
    for (int y = 0; y < 4; y++) {
      source.label[y * 4 + 2] = 2;
      source.label[y * 4 + 3] = 2;
    }
    Patch target = new Patch(1, new int[] {1, 2, 2});

    new SpatialTransform(new double[3], 1.0001, true).apply(source, target);

    assertThat(target.label).containsExactly(1, 2, 1, 2);
  }

  @Test
  void mirroringTurnsImageAndLabelTogetherAndTwiceIsNothing() {
    for (int axis = 0; axis < 3; axis++) {
      Patch patch = gradient(3, 4, 5);
      patch.label[0] = 2;
      float[] before = patch.image.clone();
      Mirror.apply(patch, axis);
      int moved = new int[] {2 * 20, 3 * 5, 4}[axis];
      assertThat(patch.label[moved]).isEqualTo((byte) 2);
      assertThat(patch.image[moved]).isEqualTo(before[0]);

      Mirror.apply(patch, axis);
      assertThat(patch.image).containsExactly(before);
    }
  }

  @Test
  void blurKeepsAConstantAndSpreadsAPoint() {
    Patch patch = new Patch(1, new int[] {9, 9, 9});
    Arrays.fill(patch.image, 5);
    Intensity.blur(patch, 0, 0.8);
    assertThat(patch.image).containsOnly(5f);

    Arrays.fill(patch.image, 0);
    int centre = (4 * 9 + 4) * 9 + 4;
    patch.image[centre] = 1;
    Intensity.blur(patch, 0, 1);
    // The discrete Gaussian's centre weight is 0.39905 along each axis.
    assertThat(patch.image[centre]).isCloseTo(0.06354f, within(1e-4f));
  }

  @Test
  void contrastStaysInTheFormerRange() {
    Patch patch = gradient(2, 3, 4);
    float high = patch.image[patch.image.length - 1];

    Intensity.contrast(patch, 0, 1.25);

    assertThat(patch.image[0]).isZero();
    assertThat(patch.image[patch.image.length - 1]).isEqualTo(high);
  }

  @Test
  void gammaKeepsTheDeviation() {
    for (boolean inverted : new boolean[] {false, true}) {
      Patch patch = gradient(4, 5, 6);
      double before = deviation(patch.image);

      Intensity.gamma(patch, 0, 1.4, inverted);

      assertThat(deviation(patch.image)).isCloseTo(before, within(1e-3 * before));
    }
  }

  @Test
  void lowResolutionKeepsAConstantTheRangeAndTheAxisLeftAlone() {
    Patch patch = gradient(5, 16, 16);
    LowResolution.apply(patch, 0, 0.5, true);
    for (int z = 0; z < 5; z++) {
      assertThat(patch.image[z * 256 + 8 * 16 + 8]).isCloseTo(100f * z + 90, within(12f));
    }
    assertThat(patch.image[0]).isGreaterThanOrEqualTo(0);

    Arrays.fill(patch.image, -2);
    LowResolution.apply(patch, 0, 0.7, false);
    assertThat(patch.image).containsOnly(-2f);
  }

  @Test
  void aBatchIsAFunctionOfItsIterationWhateverWasMadeBefore() {
    for (Preset preset : Preset.values()) {
      Batch early = batch();
      Batch late = batch();
      PatchMaker maker = maker(preset);
      maker.fill(early, 17);
      maker.fill(late, 4);
      maker(preset).fill(late, 17);

      assertThat(late.images()).containsExactly(early.images());
      assertThat(late.labels()).containsExactly(early.labels());
    }
  }

  private static PatchMaker maker(Preset preset) {
    int[] patch = {4, 8, 8};
    Augmentation augmentation = new Augmentation(preset, true);
    return new PatchMaker(
        new PatchSampler(
            List.of(Cases.ramp(2, 9, 12, 12)), augmentation.sourceShape(patch), patch, 2, 0.33),
        augmentation,
        List.of(true, false),
        new PatchMaker.Counters(20, Purpose.TRAINING_PATCH, 10),
        patch);
  }

  private static Batch batch() {
    return new Batch(new float[2 * 2 * 256], new byte[2 * 256], 2);
  }

  private static Patch gradient(int... shape) {
    Patch patch = new Patch(1, shape);
    int at = 0;
    for (int z = 0; z < shape[0]; z++) {
      for (int y = 0; y < shape[1]; y++) {
        for (int x = 0; x < shape[2]; x++) {
          patch.image[at++] = 100 * z + 10 * y + x;
        }
      }
    }
    return patch;
  }

  private static double deviation(float[] values) {
    double sum = 0;
    double squares = 0;
    for (float value : values) {
      sum += value;
      squares += (double) value * value;
    }
    double mean = sum / values.length;
    return Math.sqrt(squares / values.length - mean * mean);
  }
}
