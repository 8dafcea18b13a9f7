package org.voxbench.steps.report;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.voxbench.steps.evaluate.Statistic;

/** How figures are printed: Dice with four digits, millimetres and voxels with two. */
final class Numbers {

  static final String NONE = "–";

  private Numbers() {}

  static String dice(@Nullable Double value) {
    return value == null ? NONE : String.format(Locale.ROOT, "%.4f", value);
  }

  static String length(@Nullable Double value) {
    return value == null ? NONE : String.format(Locale.ROOT, "%.2f", value);
  }

  static String dice(Statistic statistic) {
    return spread(dice(statistic.mean()), statistic.sd() == null ? "" : dice(statistic.sd()));
  }

  static String length(Statistic statistic) {
    return spread(length(statistic.mean()), statistic.sd() == null ? "" : length(statistic.sd()));
  }

  private static String spread(String mean, String sd) {
    return sd.isEmpty() ? mean : mean + " ± " + sd;
  }
}
