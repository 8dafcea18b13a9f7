package org.voxbench.tracking;

import java.time.Instant;
import java.util.Objects;

/**
 * One point of a curve. Its four components are its identity: sent twice it is stored once.
 *
 * @param key dotted name such as {@code train.loss}
 * @param value may be NaN or infinite
 * @param step the x axis, such as an iteration
 * @param at when it was measured, not before 1970; stored in milliseconds
 */
public record MetricPoint(String key, double value, long step, Instant at) {

  public MetricPoint {
    Objects.requireNonNull(key, "key");
    if (at.isBefore(Instant.EPOCH)) {
      throw new IllegalArgumentException(
          "metric " + key + ": expected a time from 1970 on but was " + at);
    }
  }
}
