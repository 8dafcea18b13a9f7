package org.voxbench.ui;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Figures and times in the words of the pages. */
final class Format {

  static final String DASH = "–";

  private static final DateTimeFormatter MINUTE =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private Format() {}

  /** In UTC to the minute; the page's script turns it into the reader's own time. */
  static String time(Instant at) {
    return MINUTE.format(at);
  }

  /** The two largest units: {@code 0.4 s}, {@code 12 s}, {@code 3 min 5 s}, {@code 2 h 10 min}. */
  static String duration(Duration span) {
    Duration length = span.isNegative() ? Duration.ZERO : span;
    if (length.toMillis() < 9_950) {
      return String.format(Locale.ROOT, "%.1f s", length.toMillis() / 1000.0);
    }
    long seconds = (length.toMillis() + 500) / 1000;
    if (seconds < 60) {
      return seconds + " s";
    }
    if (seconds < 3600) {
      return seconds / 60 + " min " + seconds % 60 + " s";
    }
    long minutes = (seconds + 30) / 60;
    return minutes < 2880
        ? minutes / 60 + " h " + minutes % 60 + " min"
        : minutes / 1440 + " d " + minutes / 60 % 24 + " h";
  }

  /** An estimate, rounded so that it does not flicker: {@code about 2 min left}. */
  static String remaining(Duration left) {
    long seconds = Math.max(0, left.toSeconds());
    if (seconds < 5) {
      return "a few seconds left";
    }
    if (seconds < 55) {
      return "about " + (seconds + 4) / 5 * 5 + " s left";
    }
    long minutes = (seconds + 30) / 60;
    return minutes < 90
        ? "about " + minutes + " min left"
        : String.format(Locale.ROOT, "about %.1f h left", minutes / 60.0);
  }

  static Duration seconds(double seconds) {
    return Duration.ofMillis(Math.round(seconds * 1000));
  }

  /** A share of 1, such as Dice, with three decimals. */
  static String share(@Nullable Double value) {
    return value == null || value.isNaN() ? DASH : String.format(Locale.ROOT, "%.3f", value);
  }

  /** Any figure with about four digits that count. */
  static String figure(@Nullable Double value) {
    if (value == null || value.isNaN()) {
      return DASH;
    }
    if (value.isInfinite()) {
      return value > 0 ? "∞" : "−∞";
    }
    double size = Math.abs(value);
    if (value == Math.rint(value) && size < 1e12) {
      return count(Math.round(value));
    }
    if (size >= 1e9 || size < 1e-3) {
      return String.format(Locale.ROOT, "%.3e", value);
    }
    int decimals = size >= 1000 ? 1 : size >= 100 ? 2 : size >= 10 ? 2 : 4;
    return String.format(Locale.ROOT, "%." + decimals + "f", value);
  }

  static String count(long number) {
    String plain = Long.toString(number);
    return Math.abs(number) < 10_000
        ? plain
        : String.format(Locale.ROOT, "%,d", number).replace(',', '\u202f');
  }

  static String bytes(long bytes) {
    if (bytes < 1000) {
      return bytes + " B";
    }
    double size = bytes;
    int unit = -1;
    while (size >= 999.5 && unit < 3) {
      size /= 1000;
      unit++;
    }
    return String.format(
        Locale.ROOT, size < 10 ? "%.1f %cB" : "%.0f %cB", size, "kMGT".charAt(unit));
  }

  /** {@code Succeeded}, from the name of a state. */
  static String state(Enum<?> state) {
    return state.name().charAt(0) + state.name().substring(1).toLowerCase(Locale.ROOT);
  }
}
