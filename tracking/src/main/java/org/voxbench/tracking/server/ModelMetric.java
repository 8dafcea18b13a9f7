package org.voxbench.tracking.server;

import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** A point of a run that also says something of a logged model. */
record ModelMetric(String model, MetricPoint point) {

  static List<ModelMetric> of(List<Payload> metrics) {
    List<ModelMetric> found = new ArrayList<>();
    for (Payload metric : metrics) {
      String model = metric.text("model_id", "");
      if (!model.isEmpty()) {
        found.add(new ModelMetric(model, MetricPoint.of(metric)));
      }
    }
    return found;
  }

  void write(Handle handle, String run) {
    LoggedModelRows.experiment(handle, model);
    handle.execute(
        "MERGE INTO tracking.logged_model_metric"
            + " KEY (model_id, run_id, metric_key, at_ms, step, metric_value)"
            + " VALUES (?, ?, ?, ?, ?, ?)",
        model,
        run,
        point.key(),
        point.timestamp(),
        point.step(),
        point.value());
  }
}
