package org.voxbench.steps.train;

/**
 * Interpolating cubic B-splines, as the published augmentation uses them (recipe section 3):
 * turning samples into coefficients and the weights of the four coefficients around a point.
 */
final class CubicSpline {

  private static final double POLE = Math.sqrt(3) - 2;

  private CubicSpline() {}

  /**
   * Turns the samples of one line into spline coefficients, in place, with a mirror at both ends
   * (Unser 1999).
   *
   * @param line the samples {@code line[0 .. length - 1]}
   */
  static void prefilter(double[] line, int length) {
    if (length == 1) {
      return;
    }
    double gain = (1 - POLE) * (1 - 1 / POLE);
    for (int i = 0; i < length; i++) {
      line[i] *= gain;
    }
    line[0] = causalStart(line, length);
    for (int i = 1; i < length; i++) {
      line[i] += POLE * line[i - 1];
    }
    int last = length - 1;
    line[last] = POLE / (POLE * POLE - 1) * (POLE * line[last - 1] + line[last]);
    for (int i = last - 1; i >= 0; i--) {
      line[i] = POLE * (line[i + 1] - line[i]);
    }
  }

  /** The geometric sum over the mirrored line; beyond 40 samples it is below one part in 1e22. */
  private static double causalStart(double[] line, int length) {
    if (length > 40) {
      double sum = 0;
      double power = 1;
      for (int i = 0; i < 40; i++) {
        sum += power * line[i];
        power *= POLE;
      }
      return sum;
    }
    int period = 2 * length - 2;
    double sum = 0;
    double power = 1;
    for (int i = 0; i < period; i++) {
      sum += power * line[i < length ? i : period - i];
      power *= POLE;
    }
    return sum / (1 - power);
  }

  /** Weights of the coefficients floor(x) - 1 .. floor(x) + 2 for x = floor(x) + fraction. */
  static void weights(double fraction, double[] weights) {
    double rest = 1 - fraction;
    weights[0] = rest * rest * rest / 6;
    weights[1] = 2.0 / 3 - fraction * fraction * (2 - fraction) / 2;
    weights[2] = 2.0 / 3 - rest * rest * (2 - rest) / 2;
    weights[3] = fraction * fraction * fraction / 6;
  }

  /** The index an index beyond the ends of a line mirrors to. */
  static int mirror(int index, int length) {
    if (length == 1) {
      return 0;
    }
    int period = 2 * length - 2;
    int folded = Math.floorMod(index, period);
    return folded < length ? folded : period - folded;
  }
}
