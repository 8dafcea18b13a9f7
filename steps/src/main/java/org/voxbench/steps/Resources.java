package org.voxbench.steps;

/**
 * What one attempt may use. Not part of any fingerprint.
 *
 * @param threads processor threads, at least 1
 * @param memoryBytes memory budget in bytes, at least 256 MiB
 * @param device {@code auto}, {@code cpu} or {@code cuda}
 */
public record Resources(int threads, long memoryBytes, String device) {

  public Resources {
    if (threads < 1) {
      throw new IllegalArgumentException("threads: expected at least 1 but was " + threads);
    }
    if (memoryBytes < 256L << 20) {
      throw new IllegalArgumentException(
          "memory: expected at least 256 MiB but was " + (memoryBytes >> 20) + " MiB");
    }
  }
}
