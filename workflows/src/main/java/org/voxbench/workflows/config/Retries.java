package org.voxbench.workflows.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;

/**
 * How often and when a step is tried again that failed for a reason that may pass, such as a
 * network that is away. Other failures are never tried again.
 *
 * @param count attempts after the first, 0 to 100
 * @param pauseSeconds before the second attempt, above 0; doubles each time
 * @param longestPauseSeconds bound of the pauses, at least the first one
 */
public record Retries(int count, double pauseSeconds, double longestPauseSeconds) {

  /** Largest part by which a pause is made longer or shorter, so that many do not come at once. */
  public static final double JITTER = 0.2;

  public Retries {
    if (count < 0 || !(pauseSeconds > 0) || !(longestPauseSeconds >= pauseSeconds)) {
      throw new IllegalArgumentException(
          "retries: expected a count of at least 0, a pause above 0 s and a longest one of at least"
              + " that but found "
              + count
              + ", "
              + pauseSeconds
              + " and "
              + longestPauseSeconds);
    }
  }

  static Retries of(JsonNode tree) {
    JsonNode given = tree.path("retries");
    return new Retries(
        given.path("count").asInt(),
        given.path("pauseSeconds").asDouble(),
        given.path("longestPauseSeconds").asDouble());
  }

  /**
   * The pause before an attempt.
   *
   * @param retry 1 for the second attempt
   * @param chance from 0 to 1
   * @return at most the longest pause
   */
  public Duration pause(int retry, double chance) {
    double doubled = pauseSeconds * Math.pow(2, Math.min(retry - 1, 60));
    double jittered = doubled * (1 - JITTER + 2 * JITTER * chance);
    return Duration.ofMillis(Math.round(Math.min(longestPauseSeconds, jittered) * 1000));
  }
}
