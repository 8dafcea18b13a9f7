package org.voxbench.steps.download;

/**
 * Random numbers as a function of what they are for: the same path gives the same number, whatever
 * was drawn before. Uses integer arithmetic only, so that every platform agrees.
 */
final class Draw {

  private static final long GOLDEN = 0x9E3779B97F4A7C15L;
  private final long key;

  Draw(long seed) {
    this.key = mix(seed + GOLDEN);
  }

  /** The draws for one part of the whole. */
  Draw of(long part) {
    return new Draw(key ^ mix(part + GOLDEN));
  }

  Draw of(String part) {
    long hash = 0;
    for (int i = 0; i < part.length(); i++) {
      hash = mix(hash * 31 + part.charAt(i));
    }
    return of(hash);
  }

  /** Uniform in [-1, 1). */
  double symmetric(long index) {
    return (bits(index) >> 10) * 0x1.0p-53;
  }

  /** Uniform whole number from 0 to {@code bound - 1}. */
  int below(int bound, long index) {
    return (int) Math.floorMod(bits(index) >>> 1, (long) bound);
  }

  /** Close to a standard normal: four uniforms of 16 bits added up. */
  double normal(long index) {
    long bits = bits(index);
    long sum = (bits & 0xFFFF) + (bits >>> 16 & 0xFFFF) + (bits >>> 32 & 0xFFFF) + (bits >>> 48);
    return (sum * 0x1.0p-16 - 2) * 1.7320508075688772;
  }

  private long bits(long index) {
    return mix(key + GOLDEN * (index + 1));
  }

  /** The finaliser of SplitMix64 (Steele, Lea, Flood 2014). */
  private static long mix(long z) {
    long a = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    long b = (a ^ (a >>> 27)) * 0x94D049BB133111EBL;
    return b ^ (b >>> 31);
  }
}
