package org.voxbench.steps.train;

/** Checks of settings; messages say which key, what was expected and what was found. */
final class Ranges {

  private Ranges() {}

  static void between(String key, long value, long low, long high) {
    if (value < low || value > high) {
      throw new IllegalArgumentException(
          "%s: expected %d to %d but was %d".formatted(key, low, high, value));
    }
  }

  static void fraction(String key, double value) {
    if (!(value >= 0 && value <= 1)) {
      throw new IllegalArgumentException(key + ": expected 0 to 1 but was " + value);
    }
  }

  static void below(String key, double value, double bound) {
    if (!(value >= 0 && value < bound)) {
      throw new IllegalArgumentException(
          key + ": expected at least 0 and less than " + bound + " but was " + value);
    }
  }

  static void positive(String key, double value, double high) {
    if (!(value > 0 && value <= high)) {
      throw new IllegalArgumentException(
          key + ": expected more than 0 and at most " + high + " but was " + value);
    }
  }
}
