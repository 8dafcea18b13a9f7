package org.voxbench.workflows.run;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.voxbench.steps.StepName;
import org.voxbench.tracking.MetricPoint;
import org.voxbench.tracking.NewRun;
import org.voxbench.tracking.RunEnd;
import org.voxbench.tracking.TrackedRun;
import org.voxbench.tracking.Tracker;
import org.voxbench.tracking.TrackingException;
import org.voxbench.workflows.Home;
import org.voxbench.workflows.journal.AttemptJournal.Attempt;
import org.voxbench.workflows.journal.Run;
import org.voxbench.workflows.journal.RunJournal;
import org.voxbench.workflows.journal.RunState;
import org.voxbench.workflows.journal.ShipmentJournal;
import org.voxbench.workflows.journal.StepRun;
import org.voxbench.workflows.run.Store.Published;

/**
 * Tells a tracking server of runs what their folders say and it does not know yet. Every call may
 * be repeated; what was told is remembered, so that an outage only delays.
 */
final class TrackingFeed {

  private static final int LONGEST_PARAM = 6000;

  private final Home home;
  private final RunJournal journal;
  private final Tracker tracker;
  private final Store store;

  TrackingFeed(Home home, RunJournal journal, Tracker tracker) {
    this.home = home;
    this.journal = journal;
    this.tracker = tracker;
    this.store = new Store(home.store());
  }

  /** Brings the server up to date with a run as it stands. */
  void tell(Run run) throws TrackingException, IOException {
    Map<String, String> tags = Map.of("voxbench.home", home.root().toString());
    String key = run.id() + "." + run.created().toEpochMilli();
    TrackedRun tracked = tracker.open(new NewRun(run.name(), key, run.id(), run.created(), tags));
    if (journal.shipments().upTo(run.id(), StepName.DOWNLOAD, PARAMS) == 0) {
      tracked.params(params(FrozenExperiment.read(home.run(run.id()))));
      journal.shipments().upTo(run.id(), StepName.DOWNLOAD, PARAMS, 1);
    }
    for (StepRun step : run.steps()) {
      tell(run, step, tracked);
    }
    tellState(run, tracked);
  }

  /** Stands for the number of an attempt where the parameters of a run are meant. */
  private static final int PARAMS = -2;

  private void tell(Run run, StepRun step, TrackedRun tracked)
      throws TrackingException, IOException {
    @Nullable Published published = published(step);
    int attempt = step.reused() ? 0 : step.attempt();
    @Nullable Path events = published == null ? attemptEvents(run, step) : published.events();
    if (events != null) {
      ship(run, step, attempt, events, tracked);
    }
    ShipmentJournal shipments = journal.shipments();
    if (published != null && !shipments.hasArtifacts(run.id(), step.name())) {
      for (String artifact : published.manifest().artifacts()) {
        tracked.artifact(step.name().key() + "/" + artifact, published.output().resolve(artifact));
      }
      shipments.artifactsSent(run.id(), step.name());
    }
  }

  private @Nullable Published published(StepRun step) throws IOException {
    String fingerprint = step.fingerprint();
    return step.state() != RunState.SUCCEEDED || fingerprint == null
        ? null
        : store.find(step.name(), fingerprint).orElse(null);
  }

  private @Nullable Path attemptEvents(Run run, StepRun step) {
    return journal
        .attempts()
        .newest(run.id(), step.name())
        .map(Attempt::folder)
        .map(folder -> new AttemptFolder(folder).events())
        .filter(Files::exists)
        .orElse(null);
  }

  private void ship(Run run, StepRun step, int attempt, Path events, TrackedRun tracked)
      throws TrackingException, IOException {
    ShipmentJournal shipments = journal.shipments();
    EventTail tail = new EventTail(events, shipments.upTo(run.id(), step.name(), attempt));
    for (List<Event> news = tail.next(); !news.isEmpty(); news = tail.next()) {
      List<MetricPoint> points = new ArrayList<>();
      for (Event event : news) {
        if (event instanceof Event.Metric m) {
          points.add(new MetricPoint(m.key(), m.value(), m.step(), Instant.ofEpochMilli(m.at())));
        }
      }
      tracked.metrics(points);
      shipments.upTo(run.id(), step.name(), attempt, tail.offset());
    }
  }

  private void tellState(Run run, TrackedRun tracked) throws TrackingException {
    tracked.tags(Map.of("voxbench.state", run.state().name()));
    Instant finished = run.finished();
    if (run.state().ended() && finished != null) {
      List<MetricPoint> summary = new ArrayList<>();
      run.metrics().forEach((key, value) -> summary.add(new MetricPoint(key, value, 0, finished)));
      tracked.metrics(summary);
      tracked.end(end(run.state()), finished);
    } else {
      tracked.reopen();
    }
    journal.shipments().state(run.id(), run.state());
  }

  private static RunEnd end(RunState state) {
    return switch (state) {
      case SUCCEEDED -> RunEnd.FINISHED;
      case STOPPED -> RunEnd.KILLED;
      default -> RunEnd.FAILED;
    };
  }

  /** All settings by step and dotted path. */
  private static Map<String, String> params(FrozenExperiment experiment) {
    Map<String, String> params = new TreeMap<>();
    for (StepName step : StepName.values()) {
      flatten(step.key(), experiment.request(step), params);
    }
    return params;
  }

  private static void flatten(String path, JsonNode node, Map<String, String> params) {
    if (node.isObject() && !node.isEmpty()) {
      node.properties().forEach(e -> flatten(path + "." + e.getKey(), e.getValue(), params));
    } else {
      String text = node.isTextual() ? node.textValue() : node.toString();
      params.put(path, text.substring(0, Math.min(text.length(), LONGEST_PARAM)));
    }
  }
}
