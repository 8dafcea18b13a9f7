package org.voxbench.steps.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class CubicSplineTest {

  @Test
  void theSplineGoesThroughItsSamplesWhateverTheLength() {
    Random random = new Random(20);
    for (int length : new int[] {1, 2, 3, 5, 39, 40, 41, 100}) {
      double[] samples = random.doubles(length, -5, 5).toArray();
      double[] coefficients = samples.clone();

      CubicSpline.prefilter(coefficients, length);

      for (int i = 0; i < length; i++) {
        assertThat(at(coefficients, i)).isCloseTo(samples[i], within(1e-9));
      }
    }
  }

  @Test
  void aParabolaIsReproducedBetweenItsSamplesFarFromTheEnds() {
    double[] coefficients = new double[80];
    for (int i = 0; i < coefficients.length; i++) {
      coefficients[i] = 0.5 * i * i - 3 * i + 2;
    }

    CubicSpline.prefilter(coefficients, coefficients.length);

    double x = 40.3;
    assertThat(at(coefficients, x)).isCloseTo(0.5 * x * x - 3 * x + 2, within(1e-8));
  }

  @Test
  void indicesBeyondTheEndsAreMirroredAboutTheEndSamples() {
    assertThat(CubicSpline.mirror(-1, 5)).isEqualTo(1);
    assertThat(CubicSpline.mirror(5, 5)).isEqualTo(3);
    assertThat(CubicSpline.mirror(9, 5)).isEqualTo(1);
    assertThat(CubicSpline.mirror(-7, 1)).isZero();
  }

  private static double at(double[] coefficients, double x) {
    int floor = (int) Math.floor(x);
    double[] weights = new double[4];
    CubicSpline.weights(x - floor, weights);
    double sum = 0;
    for (int k = 0; k < 4; k++) {
      sum += weights[k] * coefficients[CubicSpline.mirror(floor - 1 + k, coefficients.length)];
    }
    return sum;
  }
}
