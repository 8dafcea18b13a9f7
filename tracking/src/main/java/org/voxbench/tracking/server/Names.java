package org.voxbench.tracking.server;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What MLflow allows as names, keys and values, and how long they may be. */
final class Names {

  static final int MAX_KEY = 250;
  static final int MAX_EXPERIMENT_NAME = 500;
  static final int MAX_PARAM_VALUE = 6000;
  static final int MAX_TAG_VALUE = 8000;
  static final int MAX_EXPERIMENT_TAG_VALUE = 20_000;

  private static final Pattern KEY = Pattern.compile("[\\p{L}\\p{M}\\p{N}_\\-. :/]+");

  private Names() {}

  /** A metric, parameter or tag key: limited characters, and a normal relative path. */
  static String key(String kind, String key) {
    if (key.length() > MAX_KEY) {
      throw ApiException.invalid(
          kind
              + " key is "
              + key.length()
              + " characters long, at most "
              + MAX_KEY
              + " are allowed: '"
              + key.substring(0, 40)
              + "...'");
    }
    if (!KEY.matcher(key).matches()) {
      throw ApiException.invalid(
          "Invalid "
              + kind
              + " key '"
              + key
              + "': only letters, digits, underscore, dash, period, space, colon and slash are"
              + " allowed");
    }
    if (!isNormalPath(key)) {
      throw ApiException.invalid(
          "Invalid "
              + kind
              + " key '"
              + key
              + "': a key must be a relative path without empty, '.' or '..' parts");
    }
    return key;
  }

  private static boolean isNormalPath(String key) {
    for (String part : key.split("/", -1)) {
      if (part.isEmpty() || part.equals(".") || part.equals("..")) {
        return false;
      }
    }
    return true;
  }

  static String experiment(String name) {
    if (name.isBlank()) {
      throw ApiException.invalid("Invalid experiment name: it must not be blank");
    }
    return limited("experiment name", name, MAX_EXPERIMENT_NAME);
  }

  static String limited(String what, String value, int most) {
    if (value.length() > most) {
      throw ApiException.invalid(
          what + " is " + value.length() + " characters long, at most " + most + " are allowed");
    }
    return value;
  }

  /** MLflow cuts long parameter and tag values instead of refusing them; its clients rely on it. */
  static String cut(String value, int most) {
    return value.length() <= most ? value : value.substring(0, most);
  }

  /** Reads a name of an enum; an absent one gives the default. */
  static <E extends Enum<E>> E choice(String field, @Nullable String name, E otherwise) {
    if (name == null || name.isEmpty()) {
      return otherwise;
    }
    for (E value : otherwise.getDeclaringClass().getEnumConstants()) {
      if (value.name().equals(name)) {
        return value;
      }
    }
    throw ApiException.invalid(
        "Invalid value for parameter '"
            + field
            + "': expected one of "
            + java.util.Arrays.toString(otherwise.getDeclaringClass().getEnumConstants())
            + " but found '"
            + name
            + "'");
  }
}
