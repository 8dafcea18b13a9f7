package org.voxbench.model;

import java.nio.charset.StandardCharsets;

/**
 * Counter-based random numbers: the i-th draw is a function of (seed, name, i) alone, so that
 * nothing depends on the order of drawing. FNV-1a over the name, splitmix64 over the counter.
 */
final class CounterRandom {

  private static final long GOLDEN = 0x9E3779B97F4A7C15L;
  private final long start;

  CounterRandom(long seed, String name) {
    start = seed == 0 ? hash(name) : mix(hash(name) ^ mix(seed + GOLDEN));
  }

  /** Uniform in [-1, 1), a multiple of 2^-23. */
  float signed(long index) {
    return (float) (bits(index) >>> 40) / (1 << 23) - 1;
  }

  /** Normal with standard deviation 1 (Box-Muller; StrictMath gives the same bits everywhere). */
  double normal(long index) {
    double radius = unit(2 * index);
    double angle = unit(2 * index + 1);
    return StrictMath.sqrt(-2 * StrictMath.log(radius)) * StrictMath.cos(2 * StrictMath.PI * angle);
  }

  long bits(long index) {
    return mix(start + GOLDEN * (index + 1));
  }

  /** Uniform in (0, 1]. */
  private double unit(long index) {
    return ((bits(index) >>> 11) + 1) * 0x1.0p-53;
  }

  private static long hash(String name) {
    long hash = 0xCBF29CE484222325L;
    for (byte value : name.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (value & 0xFF)) * 0x100000001B3L;
    }
    return hash;
  }

  private static long mix(long value) {
    long z = (value ^ value >>> 30) * 0xBF58476D1CE4E5B9L;
    z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
    return z ^ z >>> 31;
  }
}
