package org.voxbench.model;

import java.util.List;

/**
 * Checks of the values a user can get wrong: each message says where, what was expected and found.
 */
final class Checks {

  private Checks() {}

  static void atLeast(String where, int value, int least) {
    if (value < least) {
      throw new IllegalArgumentException(
          "%s: expected at least %d but was %d".formatted(where, least, value));
    }
  }

  static void between(String where, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          "%s: expected %d to %d but was %d".formatted(where, least, most, value));
    }
  }

  static void between(String where, double value, double least, double most) {
    if (!(value >= least && value <= most)) {
      throw new IllegalArgumentException(
          "%s: expected %s to %s but was %s".formatted(where, least, most, value));
    }
  }

  static void positive(String where, double value) {
    if (!(value > 0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException(
          "%s: expected a positive number but was %s".formatted(where, value));
    }
  }

  static void probability(String where, double value) {
    if (!(value >= 0 && value < 1)) {
      throw new IllegalArgumentException(
          "%s: expected at least 0 and below 1 but was %s".formatted(where, value));
    }
  }

  static void size(String where, List<Integer> values, int size) {
    if (values.size() != size || values.stream().anyMatch(value -> value < 1)) {
      throw new IllegalArgumentException(
          "%s: expected %d positive numbers but was %s".formatted(where, size, values));
    }
  }
}
