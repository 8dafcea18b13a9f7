package org.voxbench.ui;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The records as JSON: times in ISO 8601, durations in seconds; what is not known is left out, and
 * a figure that is not finite is null.
 */
final class Data {

  private final ObjectMapper mapper =
      JsonMapper.builder()
          .addModule(new JavaTimeModule())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .enable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
          .defaultPropertyInclusion(
              JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.ALWAYS))
          .build();

  byte[] runs(RunQuery query, RunList list) {
    Map<String, Object> page = new LinkedHashMap<>();
    page.put("runs", list.rows());
    page.put("total", list.total());
    page.put("offset", query.offset());
    page.put("limit", query.limit());
    page.put("counts", list.counts());
    return write(page);
  }

  byte[] run(RunDetails run) {
    Map<String, Object> page = new LinkedHashMap<>();
    page.put("run", run.row());
    page.put("steps", run.steps());
    page.put("metrics", finite(run.metrics()));
    page.put("params", run.params());
    page.put("notes", run.notes());
    page.put("files", run.files());
    page.put("links", run.links());
    return write(page);
  }

  /** Each curve as key, number of all its points, and the chosen points as [step, value]. */
  byte[] curves(List<Curve> curves, int points) {
    List<Object> page = new ArrayList<>();
    for (Curve curve : curves) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("key", curve.key());
      one.put("total", curve.points().size());
      one.put(
          "points",
          Lttb.thin(curve.points(), points).stream()
              .map(point -> Arrays.asList(point.step(), finite(point.value())))
              .toList());
      page.add(one);
    }
    return write(Map.of("curves", page));
  }

  byte[] scores(Optional<ScoreTable> scores) {
    Map<String, Object> page = new LinkedHashMap<>();
    page.put("measures", scores.map(ScoreTable::measures).orElse(List.of()));
    page.put("columns", scores.map(ScoreTable::columns).orElse(List.of()));
    page.put("scores", cells(scores.map(ScoreTable::scores).orElse(List.of())));
    page.put("summary", cells(scores.map(ScoreTable::summary).orElse(List.of())));
    page.put("policy", scores.map(ScoreTable::policy).orElse(""));
    return write(page);
  }

  /** In the shape of the tracking API, so that a client reads one kind of refusal. */
  byte[] error(String code, String message) {
    return write(Map.of("error_code", code, "message", message));
  }

  private static List<Map<String, Object>> cells(List<ScoreTable.Score> scores) {
    List<Map<String, Object>> cells = new ArrayList<>();
    for (ScoreTable.Score score : scores) {
      Map<String, Object> cell = new LinkedHashMap<>();
      cell.put("row", score.row());
      cell.put("column", score.column());
      cell.put("values", finite(score.values()));
      cells.add(cell);
    }
    return cells;
  }

  private static Map<String, @Nullable Double> finite(Map<String, Double> figures) {
    Map<String, @Nullable Double> finite = new LinkedHashMap<>();
    figures.forEach((key, value) -> finite.put(key, finite(value)));
    return finite;
  }

  private static @Nullable Double finite(double value) {
    return Double.isFinite(value) ? value : null;
  }

  private byte[] write(Object page) {
    try {
      return mapper.writeValueAsBytes(page);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("could not write the data of a page", e);
    }
  }
}
