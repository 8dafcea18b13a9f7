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
  private static final String INPUTS = "inputs";

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
    if (!told.once().contains(INPUTS)) {
      var dataset = content.dataset();
      if (dataset.isPresent()) {
        inputs(dataset.get(), tracked, told);
        told.once().add(INPUTS);
        keep.keep(told);
      }
    }
    if (!points.renamed().isEmpty() && told.once().add("renamed " + points.renamed().keySet())) {
      tracked.tags(Map.of("voxbench.renamed_metrics", points.renamed().toString()));
    }
    Run run = content.run();
    return RunContent.stamp(run).equals(told.state()) ? told : state(run, tracked, told, points);
  }

  private static void params(RunContent content, TrackedRun tracked, Told told)
      throws TrackingException, IOException {
    RunContent.Params params = content.params();
    Map<String, String> tags = new TreeMap<>(Environment.tags());
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

  private static void inputs(DatasetUse dataset, TrackedRun tracked, Told told)
      throws TrackingException {
    tracked.tags(Map.of("voxbench.dataset", dataset.name() + " " + dataset.digest()));
    try {
      if (!tracked.inputs(List.of(dataset))) {
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

  private static Told state(Run run, TrackedRun tracked, Told told, EventPoints points)
      throws TrackingException {
    Map<String, String> tags = new TreeMap<>();
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
      case STOPPED -> RunEnd.KILLED;
      default -> RunEnd.FAILED;
    };
  }
}
