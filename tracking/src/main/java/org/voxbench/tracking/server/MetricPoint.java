package org.voxbench.tracking.server;

import java.util.Comparator;

/**
 * One point of a metric. All four components are its identity: a point sent twice is stored once.
 *
 * @param timestamp milliseconds since 1970, at least 0
 * @param step may be negative
 */
record MetricPoint(String key, long timestamp, long step, double value) {

  /** The last in this order is a metric's latest value. NaN comes after every number. */
  static final Comparator<MetricPoint> BY_STEP =
      Comparator.comparingLong(MetricPoint::step)
          .thenComparingLong(MetricPoint::timestamp)
          .thenComparingDouble(MetricPoint::value);

  // The database knows one zero only, and the identity must be the same here.
  MetricPoint {
    value += 0.0;
  }

  static MetricPoint of(Payload metric) {
    String key = Names.key("metric", metric.required("key"));
    double value = metric.requiredDouble("value");
    long timestamp = metric.requiredInt64("timestamp");
    if (timestamp < 0) {
      throw ApiException.invalid(
          "Metric '" + key + "': timestamp must be at least 0 but was " + timestamp);
    }
    return new MetricPoint(key, timestamp, metric.int64("step", 0), value);
  }
}
