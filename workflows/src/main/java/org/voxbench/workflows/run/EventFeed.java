package org.voxbench.workflows.run;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.voxbench.steps.StepName;
import org.voxbench.tracking.MetricKeys;
import org.voxbench.workflows.journal.CurveJournal;
import org.voxbench.workflows.journal.CurveJournal.Point;

/** Carries what a worker tells into the index of curves and to the observers. */
final class EventFeed {

  private static final int LONGEST_NAME = 250;

  private final String run;
  private final StepName step;
  private final EventTail tail;
  private final CurveJournal curves;
  private final RunObserver observer;

  EventFeed(String run, StepName step, Path events, CurveJournal curves, RunObserver observer) {
    this.run = run;
    this.step = step;
    this.tail = new EventTail(events, 0);
    this.curves = curves;
    this.observer = observer;
  }

  /** Carries on what was told since the last call. */
  void readNew() throws IOException {
    for (List<Event> events = tail.next(); !events.isEmpty(); events = tail.next()) {
      index(events);
      events.forEach(event -> observer.told(run, step, event));
    }
  }

  /** Indexes everything, silently: what was told in an earlier run is no news to observers. */
  void readAll() throws IOException {
    for (List<Event> events = tail.next(); !events.isEmpty(); events = tail.next()) {
      index(events);
    }
  }

  private void index(List<Event> events) {
    curves.add(run, points(events));
    for (Event event : events) {
      if (event instanceof Event.Note note) {
        curves.add(run, new CurveJournal.Note(step, note.at(), note.sentence()));
      }
    }
  }

  private static List<Point> points(List<Event> events) {
    List<Point> points = new ArrayList<>();
    for (Event event : events) {
      if (event instanceof Event.Metric metric) {
        points.add(new Point(name(metric.key()), metric.step(), metric.at(), metric.value()));
      }
    }
    return points;
  }

  /** The index holds names as long as MLflow does. */
  private static String name(String key) {
    return key.length() > LONGEST_NAME ? MetricKeys.accepted(key) : key;
  }
}
