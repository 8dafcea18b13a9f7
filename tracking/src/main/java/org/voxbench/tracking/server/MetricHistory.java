package org.voxbench.tracking.server;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** {@code metrics/get-history}: all points of one metric by timestamp, step, value. */
final class MetricHistory {

  /**
   * Both of MLflow's clients ask for pages of this size and want the whole history; the Java client
   * fails at the second page. So this size, like none, means as much as one answer can hold.
   */
  private static final int WHOLE_ASKED = 25_000;

  private static final int WHOLE = 250_000;
  private static final int MOST = 50_000;

  private static final int MOST_RUNS = 100;
  private static final int MOST_SAMPLED = 2500;

  private final TrackingDatabase database;

  MetricHistory(TrackingDatabase database) {
    this.database = database;
  }

  ObjectNode get(Payload request) {
    String run = request.runId();
    String key = request.required("metric_key");
    PageToken asked = PageToken.of(request, WHOLE_ASKED, MOST);
    PageToken page = asked.size() == WHOLE_ASKED ? new PageToken(asked.offset(), WHOLE) : asked;
    return database.read(
        handle -> {
          List<ObjectNode> points =
              handle
                  .createQuery(
                      "SELECT p.metric_value, p.at_ms, p.step FROM tracking.point p"
                          + " JOIN tracking.series s ON p.series_id = s.id"
                          + " WHERE s.run_id = :run AND s.metric_key = :key"
                          + " ORDER BY p.at_ms, p.step, p.metric_value"
                          + page.limit())
                  .bind("run", run)
                  .bind("key", key)
                  .map(
                      (row, context) ->
                          RunRows.metric(key, row.getDouble(1), row.getLong(2), row.getLong(3)))
                  .list();
          ObjectNode answer = Json.object();
          return Json.with(answer, "metrics", page.cut(points, answer));
        });
  }

  /**
   * {@code metrics/get-history-bulk-interval}: at most so many points of each run, evenly spread by
   * step, the first and the last among them.
   */
  ObjectNode sampled(Payload request) {
    List<String> runs = request.texts("run_ids");
    if (runs.isEmpty() || runs.size() > MOST_RUNS) {
      throw ApiException.invalid(
          "run_ids: expected 1 to " + MOST_RUNS + " but found " + runs.size());
    }
    String key = request.required("metric_key");
    long most = request.int64("max_results", MOST_SAMPLED);
    if (most < 1 || most > MOST_SAMPLED) {
      throw ApiException.invalid(
          "max_results must be between 1 and " + MOST_SAMPLED + " but was " + most);
    }
    long start = request.int64("start_step", Long.MIN_VALUE);
    long end = request.int64("end_step", Long.MAX_VALUE);
    if (start > end) {
      throw ApiException.invalid(
          "end_step must be at least start_step " + start + " but was " + end);
    }
    return database.read(
        handle -> {
          List<ObjectNode> points = new ArrayList<>();
          for (String run : runs) {
            points.addAll(sample(handle, run, key, List.of(start, end, most)));
          }
          return Json.with(Json.object(), "metrics", points);
        });
  }

  private static List<ObjectNode> sample(
      Handle handle, String run, String key, List<Long> startEndMost) {
    List<MetricPoint> points =
        handle
            .createQuery(
                "SELECT p.metric_value, p.at_ms, p.step FROM tracking.point p"
                    + " WHERE p.series_id = (SELECT s.id FROM tracking.series s"
                    + " WHERE s.run_id = :run AND s.metric_key = :key)"
                    + " AND p.step BETWEEN :start AND :end")
            .bind("run", run)
            .bind("key", key)
            .bind("start", startEndMost.get(0))
            .bind("end", startEndMost.get(1))
            .setFetchSize(10_000)
            .map(
                (row, context) ->
                    new MetricPoint(key, row.getLong(2), row.getLong(3), row.getDouble(1)))
            .list();
    List<MetricPoint> sorted = new ArrayList<>(points);
    sorted.sort(MetricPoint.BY_STEP);
    int most = startEndMost.get(2).intValue();
    List<ObjectNode> sampled = new ArrayList<>();
    int size = sorted.size();
    int shown = Math.min(size, most);
    for (int i = 0; i < shown; i++) {
      int at = shown == 1 ? size - 1 : (int) ((long) i * (size - 1) / (shown - 1));
      MetricPoint point = sorted.get(at);
      sampled.add(
          RunRows.metric(key, point.value(), point.timestamp(), point.step()).put("run_id", run));
    }
    return sampled;
  }
}
