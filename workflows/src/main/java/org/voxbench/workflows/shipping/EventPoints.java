package org.voxbench.workflows.shipping;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.voxbench.tracking.MetricKeys;
import org.voxbench.tracking.MetricPoint;
import org.voxbench.workflows.run.Event;
import org.voxbench.workflows.run.EventTail;

/**
 * The points of events, under keys that MLflow takes, each (key, step) of a step's attempts once.
 */
final class EventPoints {

  private final Set<String> told = new HashSet<>();
  private final Map<String, String> renamed = new TreeMap<>();

  /** Takes note of the points of an earlier attempt: one that goes on from it repeats some. */
  void passOver(Path events) throws IOException {
    EventTail tail = new EventTail(events, 0);
    for (List<Event> some = tail.next(); !some.isEmpty(); some = tail.next()) {
      for (Event event : some) {
        if (event instanceof Event.Metric m) {
          told.add(m.key() + " " + m.step());
        }
      }
    }
  }

  List<MetricPoint> of(List<Event> events) {
    List<MetricPoint> points = new ArrayList<>();
    for (Event event : events) {
      if (event instanceof Event.Metric m && !told.contains(m.key() + " " + m.step())) {
        points.add(
            new MetricPoint(
                key(m.key()), m.value(), m.step(), Instant.ofEpochMilli(Math.max(0, m.at()))));
      }
    }
    return points;
  }

  /** Points whose step is the whole seconds since an instant. */
  static List<MetricPoint> since(Instant start, List<Event> events) {
    List<MetricPoint> points = new ArrayList<>();
    for (Event event : events) {
      if (event instanceof Event.Metric m) {
        long seconds = Math.max(0, (m.at() - start.toEpochMilli()) / 1000);
        Instant at = Instant.ofEpochMilli(Math.max(0, m.at()));
        points.add(new MetricPoint(MetricKeys.accepted(m.key()), m.value(), seconds, at));
      }
    }
    return points;
  }

  String key(String key) {
    String accepted = MetricKeys.accepted(key);
    if (!accepted.equals(key)) {
      renamed.put(accepted, key);
    }
    return accepted;
  }

  /** The keys that MLflow would have refused, by what stands for them. */
  Map<String, String> renamed() {
    return renamed;
  }
}
