package org.voxbench.tracking.server;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** {@code metrics/get-history}: all points of one metric by timestamp, step, value. */
final class MetricHistory {

  /**
   * Both of MLflow's clients ask for pages of this size and want the whole history; the Java client
   * fails at the second page. So this size, like none, means as much as one answer can hold.
   */
  private static final int WHOLE_ASKED = 25_000;

  private static final int WHOLE = 250_000;
  private static final int MOST = 50_000;

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
}
