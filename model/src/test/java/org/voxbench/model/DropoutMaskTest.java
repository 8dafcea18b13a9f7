package org.voxbench.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.types.DataType;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import java.nio.FloatBuffer;
import org.junit.jupiter.api.Test;

final class DropoutMaskTest {

  private static final int SIZE = 400_002;
  private static final double KEPT = 0.85;

  /** Four standard deviations of the mean of a hundred thousand draws. */
  private static final double NOISE = 4 * Math.sqrt(KEPT * (1 - KEPT) / 100_000);

  @Test
  void everyFourthElementIsKeptAsOftenAsTheRateSays() {
    // Four elements come of one 64-bit number.
    float[] mask = mask(1);
    for (int lane = 0; lane < 4; lane++) {
      double sum = 0;
      for (int i = lane; i < SIZE; i += 4) {
        assertThat(mask[i]).isIn(0f, 1f);
        sum += mask[i];
      }
      assertThat(sum * 4 / SIZE).as("lane %d", lane).isCloseTo(KEPT, within(NOISE));
    }
  }

  @Test
  void neighboursAndOtherSeedsAreIndependent() {
    float[] mask = mask(1);
    float[] other = mask(2);
    for (int lag : new int[] {1, 2, 3, 4, 8, 64, 4096}) {
      assertThat(together(mask, mask, lag)).as("lag %d", lag).isCloseTo(KEPT * KEPT, within(NOISE));
    }
    assertThat(together(mask, other, 0)).isCloseTo(KEPT * KEPT, within(NOISE));
    assertThat(mask(1)).isEqualTo(mask);
  }

  private static double together(float[] a, float[] b, int lag) {
    double sum = 0;
    for (int i = lag; i < SIZE; i++) {
      sum += a[i] * b[i - lag];
    }
    return sum / (SIZE - lag);
  }

  private static float[] mask(long seed) {
    try (PtNDManager manager = Engines.open(TestNetworks.CPU);
        Program program = Program.load(manager);
        IValue rate = IValue.from(1 - KEPT);
        Arguments arguments = new Arguments(manager)) {
      Arguments.Staging like = new Arguments.Staging();
      arguments.array(like.floats(new float[SIZE]), DataType.FLOAT32, SIZE);
      FloatBuffer found =
          arguments
              .keep(rate)
              .integer(seed)
              .callArray(program, "mask")
              .toByteBuffer(true)
              .asFloatBuffer();
      float[] mask = new float[SIZE];
      found.get(mask);
      return mask;
    }
  }
}
