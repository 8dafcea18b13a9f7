package org.voxbench.steps.train;

/** Changes of grey values of the published augmentation (recipe section 3, rows 5 to 8, 10, 11). */
final class Intensity {

  private static final double RANGE_GUARD = 1e-7;
  private static final double DEVIATION_GUARD = 1e-8;

  private Intensity() {}

  static void addNoise(float[] image, double deviation, CounterRandom random) {
    for (int i = 0; i < image.length; i++) {
      image[i] += (float) (deviation * random.gaussian());
    }
  }

  /** Gaussian blur of one channel with mirrored edges, cut at four standard deviations. */
  static void blur(Patch patch, int channel, double deviation) {
    int[] n = patch.shape;
    int offset = channel * patch.voxels;
    double[] kernel = kernel(deviation);
    Lines.InPlace convolution = (line, length) -> convolve(line, length, kernel);
    Lines.replace(patch.image, offset, new int[] {1, n[0], n[1] * n[2]}, convolution);
    Lines.replace(patch.image, offset, new int[] {n[0], n[1], n[2]}, convolution);
    Lines.replace(patch.image, offset, new int[] {n[0] * n[1], n[2], 1}, convolution);
  }

  static void multiply(Patch patch, int channel, double factor) {
    int offset = channel * patch.voxels;
    for (int i = offset; i < offset + patch.voxels; i++) {
      patch.image[i] *= (float) factor;
    }
  }

  /** Stretches about the mean and clips to the former range. */
  static void contrast(Patch patch, int channel, double factor) {
    Moments moments = Moments.of(patch, channel);
    int offset = channel * patch.voxels;
    for (int i = offset; i < offset + patch.voxels; i++) {
      double value = (patch.image[i] - moments.mean) * factor + moments.mean;
      patch.image[i] = (float) Math.min(moments.high, Math.max(moments.low, value));
    }
  }

  /**
   * Power law over the range; mean and standard deviation are restored as the published code does.
   */
  static void gamma(Patch patch, int channel, double gamma, boolean inverted) {
    int sign = inverted ? -1 : 1;
    int offset = channel * patch.voxels;
    multiply(patch, channel, sign);
    Moments before = Moments.of(patch, channel);
    double range = before.high - before.low;
    for (int i = offset; i < offset + patch.voxels; i++) {
      double share = (patch.image[i] - before.low) / (range + RANGE_GUARD);
      patch.image[i] = (float) (Math.pow(share, gamma) * range + before.low);
    }
    Moments after = Moments.of(patch, channel);
    double factor = before.deviation / (after.deviation + DEVIATION_GUARD);
    for (int i = offset; i < offset + patch.voxels; i++) {
      double centred = patch.image[i] - after.mean + before.mean;
      patch.image[i] = (float) (sign * centred * factor);
    }
  }

  private static double[] kernel(double deviation) {
    int radius = (int) (4 * deviation + 0.5);
    double[] kernel = new double[2 * radius + 1];
    double sum = 0;
    for (int i = -radius; i <= radius; i++) {
      kernel[i + radius] = Math.exp(-0.5 * i * i / (deviation * deviation));
      sum += kernel[i + radius];
    }
    for (int i = 0; i < kernel.length; i++) {
      kernel[i] /= sum;
    }
    return kernel;
  }

  private static void convolve(double[] line, int length, double[] kernel) {
    double[] copy = line.clone();
    int radius = kernel.length / 2;
    for (int i = 0; i < length; i++) {
      double sum = 0;
      for (int k = -radius; k <= radius; k++) {
        int j = i + k;
        if (j < 0 || j >= length) {
          int folded = Math.floorMod(j, 2 * length);
          j = folded < length ? folded : 2 * length - 1 - folded;
        }
        sum += kernel[k + radius] * copy[j];
      }
      line[i] = sum;
    }
  }

  private record Moments(double mean, double deviation, double low, double high) {

    static Moments of(Patch patch, int channel) {
      double sum = 0;
      double low = Double.POSITIVE_INFINITY;
      double high = Double.NEGATIVE_INFINITY;
      int offset = channel * patch.voxels;
      for (int i = offset; i < offset + patch.voxels; i++) {
        double value = patch.image[i];
        sum += value;
        low = Math.min(low, value);
        high = Math.max(high, value);
      }
      double mean = sum / patch.voxels;
      double squares = 0;
      for (int i = offset; i < offset + patch.voxels; i++) {
        double centred = patch.image[i] - mean;
        squares += centred * centred;
      }
      return new Moments(mean, Math.sqrt(squares / patch.voxels), low, high);
    }
  }
}
