package org.voxbench.tracking.transfer;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.voxbench.tracking.MetricPoint;
import org.voxbench.tracking.MlflowServer;
import org.voxbench.tracking.TrackedRun;
import org.voxbench.tracking.TrackingException;

/** Copies all points of all curves of a run; what the copy has already is not sent again. */
final class MetricCopy {

  private static final int PAGE = 20_000;
  private static final int BATCH = 1000;

  private final Both both;
  private final JsonNode run;
  private final TrackedRun copy;
  private final Notes notes;

  /** Points without their key and with the values that a store on SQLite can hold. */
  private record Known(long at, long step, double value) {

    static Known of(JsonNode point) {
      double value = number(point);
      double stored = Double.isInfinite(value) ? Math.copySign(Double.MAX_VALUE, value) : value;
      return new Known(point.path("timestamp").asLong(), point.path("step").asLong(), stored);
    }
  }

  MetricCopy(Both both, JsonNode run, TrackedRun copy, Notes notes) {
    this.both = both;
    this.run = run;
    this.copy = copy;
    this.notes = notes;
  }

  /**
   * Copies what is missing.
   *
   * @param there the latest points of the copy, by which its curves are known
   */
  void copy(JsonNode there) throws TrackingException, IOException {
    List<String> known = there.findValuesAsText("key");
    for (JsonNode metric : run.at("/data/metrics")) {
      String key = metric.path("key").asText();
      String latest =
          metric.path("step").asText()
              + " "
              + metric.path("timestamp").asText()
              + " "
              + metric.path("value").asText();
      if (!notes.hasCurve(key, latest)) {
        curve(key, known.contains(key));
        notes.curve(key, latest);
      }
    }
  }

  private void curve(String key, boolean begun) throws TrackingException {
    Set<Known> known = new HashSet<>();
    if (begun) {
      both.to().pages(history(copy.id(), key), "metrics", point -> known.add(Known.of(point)));
    }
    List<MetricPoint> batch = new ArrayList<>(BATCH);
    both.from()
        .pages(
            history(run.at("/info/run_id").asText(), key),
            "metrics",
            point -> {
              if (known.contains(Known.of(point))) {
                both.tally().there(Kind.POINT, 1);
                return;
              }
              batch.add(
                  new MetricPoint(
                      key,
                      number(point),
                      point.path("step").asLong(),
                      Instant.ofEpochMilli(point.path("timestamp").asLong())));
              if (batch.size() == BATCH) {
                send(key, batch);
              }
            });
    send(key, batch);
  }

  private void send(String key, List<MetricPoint> batch) throws TrackingException {
    if (batch.isEmpty()) {
      return;
    }
    var refused = both.to().call(server -> copy.metricsAccepted(batch));
    both.tally().copied(Kind.POINT, batch.size() - refused.items().size());
    both.tally().refused(Kind.POINT, "run " + copy.id(), refused);
    both.meter().points(batch.size(), key);
    batch.clear();
  }

  private static String history(String run, String key) {
    return "metrics/get-history?run_id="
        + run
        + "&run_uuid="
        + run
        + "&metric_key="
        + MlflowServer.encoded(key)
        + "&max_results="
        + PAGE;
  }

  private static double number(JsonNode point) {
    JsonNode value = point.path("value");
    return value.isTextual() ? Double.parseDouble(value.textValue()) : value.asDouble();
  }
}
