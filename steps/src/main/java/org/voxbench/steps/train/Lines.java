package org.voxbench.steps.train;

/** Applies a one-dimensional operation to every line of a block along one axis. */
final class Lines {

  /** Changes the samples {@code line[0 .. length - 1]} in place. */
  @FunctionalInterface
  interface InPlace {
    void apply(double[] line, int length);
  }

  /** Computes {@code out} from {@code line}; both have the lengths they were made with. */
  @FunctionalInterface
  interface Mapping {
    void apply(double[] line, double[] out);
  }

  private Lines() {}

  /**
   * Replaces every line.
   *
   * @param extent lines' outer count, length, and inner count (their stride)
   */
  static void replace(float[] values, int offset, int[] extent, InPlace operation) {
    int length = extent[1];
    int inner = extent[2];
    double[] line = new double[length];
    for (int outer = 0; outer < extent[0]; outer++) {
      for (int i = 0; i < inner; i++) {
        int start = offset + outer * length * inner + i;
        for (int k = 0; k < length; k++) {
          line[k] = values[start + k * inner];
        }
        operation.apply(line, length);
        for (int k = 0; k < length; k++) {
          values[start + k * inner] = (float) line[k];
        }
      }
    }
  }

  /** Maps every line to one of {@code newLength} samples; the result starts at 0. */
  static float[] map(float[] values, int[] extent, int newLength, Mapping operation) {
    int length = extent[1];
    int inner = extent[2];
    double[] line = new double[length];
    double[] out = new double[newLength];
    float[] result = new float[extent[0] * newLength * inner];
    for (int outer = 0; outer < extent[0]; outer++) {
      for (int i = 0; i < inner; i++) {
        for (int k = 0; k < length; k++) {
          line[k] = values[(outer * length + k) * inner + i];
        }
        operation.apply(line, out);
        for (int k = 0; k < newLength; k++) {
          result[(outer * newLength + k) * inner + i] = (float) out[k];
        }
      }
    }
    return result;
  }
}
