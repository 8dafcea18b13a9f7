package org.voxbench.steps.train;

/**
 * Random numbers that are a function of (seed, purpose, epoch, iteration, sample) alone: no state
 * is carried from one sample to the next, so a resumed training draws what an uninterrupted one
 * would, in any order and on any thread. The generator is SplitMix64 (Steele, Lea, Flood 2014),
 * written out so that no release of Java changes it.
 */
final class CounterRandom {

  /** What numbers are drawn for; two purposes never share a stream. */
  enum Purpose {
    TRAINING_PATCH(1),
    TRAINING_AUGMENTATION(2),
    VALIDATION_PATCH(3);

    private final long stream;

    Purpose(long stream) {
      this.stream = stream;
    }
  }

  private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

  private long state;
  private double spareGaussian = Double.NaN;

  CounterRandom(long seed, Purpose purpose, int epoch, int iteration, int sample) {
    long key = mix(seed + GOLDEN_GAMMA);
    key = mix(key ^ purpose.stream * GOLDEN_GAMMA);
    key = mix(key ^ (epoch + 1) * GOLDEN_GAMMA);
    key = mix(key ^ (iteration + 1) * GOLDEN_GAMMA);
    state = mix(key ^ (sample + 1) * GOLDEN_GAMMA);
  }

  long nextLong() {
    state += GOLDEN_GAMMA;
    return mix(state);
  }

  /** Uniform in [0, 1). */
  double uniform() {
    return (nextLong() >>> 11) * 0x1p-53;
  }

  /** Uniform in [low, high). */
  double uniform(double low, double high) {
    return low + (high - low) * uniform();
  }

  /** Uniform among 0 .. bound - 1; the bias is below bound / 2^32. */
  int below(int bound) {
    return (int) (((nextLong() >>> 32) * bound) >>> 32);
  }

  /** Uniform among low .. high, both included. */
  int between(int low, int high) {
    return low + below(high - low + 1);
  }

  boolean chance(double probability) {
    return uniform() < probability;
  }

  /** Standard normal, by Marsaglia's polar method. */
  double gaussian() {
    if (!Double.isNaN(spareGaussian)) {
      double spare = spareGaussian;
      spareGaussian = Double.NaN;
      return spare;
    }
    double u;
    double v;
    double square;
    do {
      u = uniform(-1, 1);
      v = uniform(-1, 1);
      square = u * u + v * v;
    } while (square >= 1 || square == 0);
    double factor = Math.sqrt(-2 * Math.log(square) / square);
    spareGaussian = v * factor;
    return u * factor;
  }

  private static long mix(long value) {
    long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
