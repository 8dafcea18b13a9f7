package org.voxbench.workflows.shipping;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.voxbench.steps.StepName;
import org.voxbench.tracking.DatasetUse;
import org.voxbench.tracking.MetricPoint;
import org.voxbench.tracking.Refusals;
import org.voxbench.tracking.RunEnd;
import org.voxbench.tracking.TrackedRun;
import org.voxbench.tracking.TrackingException;
import org.voxbench.tracking.TrackingRefusedException;
import org.voxbench.workflows.journal.Run;
import org.voxbench.workflows.journal.RunState;
import org.voxbench.workflows.run.Event;
import org.voxbench.workflows.run.EventTail;

/** Tells parameters, tags, inputs, points and the state of a run, in this order. */
final class PointTeller implements Teller {

  private static final String PARAMS = "params";
  private static final String INPUTS = Told.INPUTS;

  @Override
  public String suffix() {
    return "";
  }

  @Override
  public Told tell(RunContent content, TrackedRun tracked, Told told, Keep keep)
      throws TrackingException, IOException {
    if (!told.once().contains(PARAMS)) {
      params(content, tracked, told);
      told.once().add(PARAMS);
      keep.keep(told);
    }
    EventPoints points = new EventPoints();
    for (StepName step : StepName.values()) {
      events(content.events(step), step, tracked, told, points, keep);
    }
    for (StepName step : StepName.values()) {
      system(content, step, tracked, told, keep);
    }
    if (!told.once().contains(INPUTS)) {
      List<DatasetUse> datasets = content.datasets();
      if (!datasets.isEmpty()) {
        tracked.tags(Map.of("voxbench.dataset", Datasets.tag(content)));
        inputs(datasets, tracked, told);
        told.once().add(INPUTS);
        keep.keep(told);
      }
    }
    if (!points.renamed().isEmpty() && told.once().add("renamed " + points.renamed().keySet())) {
      tracked.tags(Map.of("voxbench.renamed_metrics", points.renamed().toString()));
    }
    return RunContent.stamp(content.run()).equals(told.state())
        ? told
        : state(content, tracked, told, points);
  }

  private static void params(RunContent content, TrackedRun tracked, Told told)
      throws TrackingException, IOException {
    RunContent.Params params = content.params();
    Map<String, String> tags = new TreeMap<>(content.origin());
    Refusals refused = tracked.paramsAccepted(params.values());
    List<String> cut = new ArrayList<>(params.cut());
    for (Refusals.Refusal refusal : refused.items()) {
      // Servers before MLflow 2.8 take 500 characters.
      String value = params.values().getOrDefault(refusal.item(), "");
      boolean longer = value.length() > 500;
      if (longer
          && tracked.paramsAccepted(Map.of(refusal.item(), value.substring(0, 500))).isEmpty()) {
        cut.add(refusal.item());
      } else {
        told.refuse("parameter " + refusal.item() + ": " + refusal.reason());
      }
    }
    if (!cut.isEmpty()) {
      tags.put("voxbench.truncated_params", String.join(", ", cut));
    }
    tracked.tags(tags);
  }

  private static void inputs(List<DatasetUse> datasets, TrackedRun tracked, Told told)
      throws TrackingException {
    try {
      if (!tracked.inputs(datasets)) {
        told.refuse("inputs: the server is too old to know datasets");
      }
    } catch (TrackingRefusedException refused) {
      if (refused.isMissing()) {
        throw refused;
      }
      told.refuse("inputs: " + refused.getMessage());
    }
  }

  private static void events(
      Map<Integer, Path> attempts,
      StepName step,
      TrackedRun tracked,
      Told told,
      EventPoints points,
      Keep keep)
      throws TrackingException, IOException {
    List<Path> earlier = new ArrayList<>();
    for (Map.Entry<Integer, Path> attempt : attempts.entrySet()) {
      String name = step.key() + "/" + attempt.getKey();
      EventTail tail = new EventTail(attempt.getValue(), told.events().getOrDefault(name, 0L));
      List<Event> news = tail.next();
      if (!news.isEmpty()) {
        for (Path before : earlier) {
          points.passOver(before);
        }
        earlier.clear();
      }
      for (; !news.isEmpty(); news = tail.next()) {
        for (Refusals.Refusal refusal : tracked.metricsAccepted(points.of(news)).items()) {
          told.refuse("metric " + refusal.item() + ": " + refusal.reason());
        }
        told.events().put(name, tail.offset());
        keep.keep(told);
      }
      earlier.add(attempt.getValue());
    }
  }

  /** Readings of the machine; their step is the seconds since the run was asked for. */
  private static void system(
      RunContent content, StepName step, TrackedRun tracked, Told told, Keep keep)
      throws TrackingException, IOException {
    for (Map.Entry<Integer, Path> attempt : content.system(step).entrySet()) {
      String name = step.key() + "/" + attempt.getKey() + "/system";
      EventTail tail = new EventTail(attempt.getValue(), told.events().getOrDefault(name, 0L));
      for (List<Event> news = tail.next(); !news.isEmpty(); news = tail.next()) {
        List<MetricPoint> points = EventPoints.since(content.run().created(), news);
        for (Refusals.Refusal refusal : tracked.metricsAccepted(points).items()) {
          told.refuse("metric " + refusal.item() + ": " + refusal.reason());
        }
        told.events().put(name, tail.offset());
        keep.keep(told);
      }
    }
  }

  private static Told state(RunContent content, TrackedRun tracked, Told told, EventPoints points)
      throws TrackingException, IOException {
    Run run = content.run();
    Map<String, String> tags = new TreeMap<>(content.origin());
    tags.put("voxbench.state", run.state().name());
    if (run.message() != null) {
      tags.put("voxbench.message", run.message());
    }
    if (!told.refused().isEmpty()) {
      tags.put("voxbench.refused", String.join("\n", told.refused()));
    }
    tracked.tags(tags);
    Instant finished = run.finished();
    if (run.state().ended() && finished != null) {
      List<MetricPoint> summary = new ArrayList<>();
      run.metrics()
          .forEach(
              (key, value) -> summary.add(new MetricPoint(points.key(key), value, 0, finished)));
      tracked.metricsAccepted(summary);
      tracked.end(end(run.state()), finished);
    } else {
      tracked.reopen();
    }
    return told.withState(RunContent.stamp(run));
  }

  private static RunEnd end(RunState state) {
    return switch (state) {
      case SUCCEEDED -> RunEnd.FINISHED;
      case STOPPED, CANCELLED -> RunEnd.KILLED;
      default -> RunEnd.FAILED;
    };
  }
}
