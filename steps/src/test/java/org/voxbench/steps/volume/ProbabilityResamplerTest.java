package org.voxbench.steps.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProbabilityResamplerTest {

  private static final int CLASSES = 4;

  @ParameterizedTest
  @CsvSource({
    "5,6,7, 9,11,8, -1",
    "9,11,8, 5,6,7, -1",
    "5,6,7, 5,6,7, -1",
    "1,3,3, 4,6,6, -1",
    "4,6,7, 10,13,5, 0",
    "4,6,7, 10,13,5, 1",
    "4,6,7, 10,13,5, 2"
  })
  void slicesAreThoseOfTheWholeVolumeResampledAtOnce(
      int z, int y, int x, int toZ, int toY, int toX, int separate) {
    GridShape from = new GridShape(z, y, x);
    GridShape to = new GridShape(toZ, toY, toX);
    float[][] probabilities = random(from);
    byte[] labels = new byte[to.arrayLength()];
    List<Integer> order = new ArrayList<>();
    ProbabilityResampler resampler =
        new ProbabilityResampler(
            CLASSES,
            from,
            to,
            separate,
            (slice, values) -> {
              order.add(slice);
              System.arraycopy(values, 0, labels, slice * values.length, values.length);
            });

    for (float[] slice : probabilities) {
      resampler.accept(slice);
    }

    assertThat(resampler.isComplete()).isTrue();
    assertThat(order).hasSize(toZ).isSorted();
    for (int index = 0; index < labels.length; index++) {
      double[] expected = expected(probabilities, from, to, separate, index);
      double largest = Arrays.stream(expected).max().orElseThrow();
      assertThat(expected[labels[index]]).isGreaterThan(largest - 1e-6);
    }
  }

  @Test
  void aSliceTooManyIsRefused() {
    GridShape shape = new GridShape(1, 2, 2);
    ProbabilityResampler resampler =
        new ProbabilityResampler(2, shape, shape, -1, (z, labels) -> {});
    resampler.accept(new float[8]);

    assertThatThrownBy(() -> resampler.accept(new float[8]))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("all 1 slices were given already");
  }

  @Test
  void aSliceOfTheWrongSizeIsRefused() {
    GridShape shape = new GridShape(1, 2, 2);
    ProbabilityResampler resampler =
        new ProbabilityResampler(2, shape, shape, -1, (z, labels) -> {});

    assertThatThrownBy(() -> resampler.accept(new float[7]))
        .hasMessage("probabilities: expected 8 values (class, y, x) but was 7");
  }

  private static float[][] random(GridShape shape) {
    Random random = new Random(7);
    float[][] slices = new float[shape.z()][CLASSES * shape.y() * shape.x()];
    for (float[] slice : slices) {
      for (int index = 0; index < slice.length; index++) {
        slice[index] = random.nextFloat();
      }
    }
    return slices;
  }

  /** Tri-linear interpolation written down plainly. */
  private static double[] expected(
      float[][] slices, GridShape from, GridShape to, int separate, int index) {
    int[] target = {index / (to.x() * to.y()), index / to.x() % to.y(), index % to.x()};
    double[] at = new double[3];
    for (int axis = 0; axis < 3; axis++) {
      double scale = (double) from.along(axis) / to.along(axis);
      at[axis] = Math.max(0, Math.min(from.along(axis) - 1.0, scale * (target[axis] + 0.5) - 0.5));
      at[axis] = axis == separate ? Math.floor(at[axis] + 0.5) : at[axis];
    }
    double[] sum = new double[CLASSES];
    for (int corner = 0; corner < 8; corner++) {
      double weight = 1;
      int[] voxel = new int[3];
      for (int axis = 0; axis < 3; axis++) {
        int low = (int) Math.floor(at[axis]);
        boolean high = (corner >> axis & 1) == 1;
        voxel[axis] = Math.min(from.along(axis) - 1, low + (high ? 1 : 0));
        weight *= high ? at[axis] - low : 1 - (at[axis] - low);
      }
      for (int label = 0; label < CLASSES; label++) {
        int place = (label * from.y() + voxel[1]) * from.x() + voxel[2];
        sum[label] += weight * slices[voxel[0]][place];
      }
    }
    return sum;
  }
}
