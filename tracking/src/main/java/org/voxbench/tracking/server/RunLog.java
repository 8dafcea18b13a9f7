package org.voxbench.tracking.server;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

/**
 * The {@code runs/} endpoints that add to a run: metrics, parameters, tags, inputs. A request is
 * checked wholly before anything is written, and written in one transaction or not at all.
 */
final class RunLog {

  private static final int MAX_METRICS = 1000;
  private static final int MAX_PARAMS = 100;
  private static final int MAX_TAGS = 100;
  private static final int MAX_ENTITIES = 1000;

  private final TrackingDatabase database;

  RunLog(TrackingDatabase database) {
    this.database = database;
  }

  ObjectNode logMetric(Payload request) {
    List<MetricPoint> metrics = List.of(MetricPoint.of(request));
    List<ModelMetric> ofModels = ModelMetric.of(List.of(request));
    String run = request.runId();
    return database.writeSmall(
        handle -> {
          Runs.requireActive(handle, run);
          new MetricWriter(handle, run).write(metrics);
          ofModels.forEach(metric -> metric.write(handle, run));
          return Json.object();
        });
  }

  ObjectNode logParameter(Payload request) {
    Map<String, String> params = new LinkedHashMap<>();
    addParam(params, request);
    return log(request.runId(), List.of(), params, List.of(), List.of());
  }

  ObjectNode setTag(Payload request) {
    List<RunTag> tags = List.of(RunTag.of(request));
    return log(request.runId(), List.of(), Map.of(), tags, List.of());
  }

  ObjectNode logBatch(Payload request) {
    List<Payload> metrics = limited(request, "metrics", MAX_METRICS);
    List<Payload> params = limited(request, "params", MAX_PARAMS);
    List<Payload> tags = limited(request, "tags", MAX_TAGS);
    int entities = metrics.size() + params.size() + tags.size();
    if (entities > MAX_ENTITIES) {
      throw ApiException.invalid(
          "A batch holds at most " + MAX_ENTITIES + " entities in all but has " + entities);
    }
    List<MetricPoint> points = new ArrayList<>(metrics.size());
    metrics.forEach(metric -> points.add(MetricPoint.of(metric)));
    Map<String, String> pairs = new LinkedHashMap<>();
    params.forEach(param -> addParam(pairs, param));
    List<RunTag> checked = tags.stream().map(RunTag::of).toList();
    return log(request.runId(), points, pairs, checked, ModelMetric.of(metrics));
  }

  private static List<Payload> limited(Payload request, String field, int most) {
    List<Payload> items = request.list(field);
    if (items.size() > most) {
      throw ApiException.invalid(
          "A batch holds at most " + most + " " + field + " but has " + items.size());
    }
    return items;
  }

  private static void addParam(Map<String, String> params, Payload param) {
    String key = Names.key("param", param.required("key"));
    String value = Names.cut(param.text("value", ""), Names.MAX_PARAM_VALUE);
    if (params.put(key, value) != null) {
      throw ApiException.invalid("The parameter '" + key + "' stands twice in the same batch");
    }
  }

  private ObjectNode log(
      String run,
      List<MetricPoint> metrics,
      Map<String, String> params,
      List<RunTag> tags,
      List<ModelMetric> ofModels) {
    return database.write(
        handle -> {
          Runs.requireActive(handle, run);
          writeParams(handle, run, params);
          new MetricWriter(handle, run).write(metrics);
          tags.forEach(tag -> tag.write(handle, run));
          ofModels.forEach(metric -> metric.write(handle, run));
          return Json.object();
        });
  }

  private static void writeParams(Handle handle, String run, Map<String, String> params) {
    if (params.isEmpty()) {
      return;
    }
    Map<String, String> known = new LinkedHashMap<>();
    handle
        .createQuery(
            "SELECT param_key, param_value FROM tracking.param"
                + " WHERE run_id = :run AND param_key = ANY(:keys)")
        .bind("run", run)
        .bindArray("keys", String.class, List.copyOf(params.keySet()))
        .map((row, context) -> known.put(row.getString(1), row.getString(2)))
        .list();
    try (PreparedBatch batch = handle.prepareBatch("INSERT INTO tracking.param VALUES (?, ?, ?)")) {
      params.forEach(
          (key, value) -> {
            String old = known.get(key);
            if (old == null) {
              batch.add(run, key, value);
            } else if (!old.equals(value)) {
              throw ApiException.invalid(
                  "Changing param values is not allowed. Param with key='"
                      + key
                      + "' was already logged with value='"
                      + old
                      + "' for run "
                      + run
                      + ", attempted new value '"
                      + value
                      + "'");
            }
          });
      if (batch.size() > 0) {
        batch.execute();
      }
    }
  }

  ObjectNode deleteTag(Payload request) {
    String run = request.runId();
    String key = request.required("key");
    return database.write(
        handle -> {
          Runs.requireActive(handle, run);
          if (handle.execute("DELETE FROM tracking.tag WHERE run_id = ? AND tag_key = ?", run, key)
              == 0) {
            throw ApiException.missing("No tag '" + key + "' on run " + run);
          }
          return Json.object();
        });
  }

  ObjectNode logInputs(Payload request) {
    String run = request.runId();
    List<DatasetInput> inputs = request.list("datasets").stream().map(DatasetInput::of).toList();
    List<Payload> models = request.list("models");
    return database.write(
        handle -> {
          Runs.requireActive(handle, run);
          inputs.forEach(input -> input.write(handle, run));
          models.forEach(model -> LoggedModels.tie(handle, run, model, false));
          return Json.object();
        });
  }
}
