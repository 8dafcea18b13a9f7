package org.voxbench.workflows.shipping;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.voxbench.steps.AtomicFiles;
import org.voxbench.tracking.NewRun;
import org.voxbench.tracking.RunEnd;
import org.voxbench.tracking.TrackedRun;
import org.voxbench.tracking.Tracker;
import org.voxbench.tracking.TrackingException;
import org.voxbench.tracking.TrackingRefusedException;
import org.voxbench.workflows.Home;
import org.voxbench.workflows.journal.Run;

/**
 * The runs that stand for sweeps, parents of their cells' runs. MLflow wants parent and child in
 * one experiment, so a sweep's cells are told to one that bears the sweep's name.
 */
final class SweepParents {

  private static final Logger LOG = LoggerFactory.getLogger(SweepParents.class);

  private final Home home;
  private final String target;
  private final Tracker tracker;

  /** Those of which something was heard that is not told yet. */
  private final Set<String> changed = new ConcurrentSkipListSet<>();

  private final Set<String> sweeps = new ConcurrentSkipListSet<>();
  private final Map<String, Long> seen = new TreeMap<>();
  private final Map<String, TrackedRun> open = new TreeMap<>();

  SweepParents(Home home, String target, Tracker tracker) {
    this.home = home;
    this.target = target;
    this.tracker = tracker;
  }

  /** Has a sweep attended to until its end is told. */
  void add(String sweep) {
    sweeps.add(sweep);
    changed.add(sweep);
  }

  boolean isIdle() {
    return sweeps.isEmpty();
  }

  /** The server may be another one. */
  synchronized void forget() {
    open.clear();
  }

  /** Name of the experiment that a sweep and its cells are told to. */
  String experiment(String sweep) {
    return SweepState.name(home, sweep);
  }

  /** The parent of a sweep's runs, made where it is missing. */
  synchronized TrackedRun of(Run run, String sweep) throws TrackingException {
    TrackedRun known = open.get(sweep);
    if (known == null) {
      String place = Integer.toHexString(home.root().toString().hashCode());
      String key = ("sweep." + place + "." + sweep).replaceAll("[^A-Za-z0-9_.:-]", "_");
      Map<String, String> tags = new TreeMap<>(Provenance.tags(home.run(run.id())));
      tags.put("voxbench.sweep", sweep);
      Instant started = SweepState.started(home, sweep, run.created());
      known = tracker.open(new NewRun(experiment(sweep), key, sweep, started, tags));
      open.put(sweep, known);
    }
    return known;
  }

  /** Brings the parents up to date with their sweeps. */
  void tell(String server) throws TrackingException, IOException {
    for (String sweep : List.copyOf(sweeps)) {
      long written = SweepState.written(home, sweep);
      if (!changed.remove(sweep) && written == seen.getOrDefault(sweep, 0L)) {
        continue;
      }
      try {
        tell(sweep, server);
        seen.put(sweep, written);
      } catch (TrackingException | IOException failed) {
        changed.add(sweep);
        throw failed;
      }
    }
  }

  private void tell(String sweep, String server) throws TrackingException, IOException {
    SweepState state = SweepState.read(home, sweep);
    if (!state.runs().isEmpty() && !(server + " " + state.stamp()).equals(told(sweep))) {
      try {
        tell(of(state.runs().get(0), sweep), state);
      } catch (TrackingRefusedException refused) {
        LOG.warn("sweep {} cannot be told: {}", sweep, refused.getMessage());
      }
      Files.createDirectories(file(sweep).resolveSibling(""));
      String now = server + " " + state.stamp();
      AtomicFiles.write(file(sweep), now.getBytes(StandardCharsets.UTF_8));
    }
    if (state.finished() != null) {
      sweeps.remove(sweep);
    }
  }

  private static void tell(TrackedRun parent, SweepState state) throws TrackingException {
    parent.tags(Map.of("voxbench.state", state.state(), "voxbench.cells", state.cells()));
    Instant finished = state.finished();
    if (finished == null) {
      parent.reopen();
      return;
    }
    RunEnd end =
        switch (state.state()) {
          case "SUCCEEDED" -> RunEnd.FINISHED;
          case "CANCELLED" -> RunEnd.KILLED;
          default -> RunEnd.FAILED;
        };
    parent.end(end, finished);
    for (Map.Entry<String, Path> file : state.report().entrySet()) {
      String unused = parent.artifact(file.getKey(), file.getValue());
    }
  }

  private Path file(String sweep) {
    return home.tracking().resolve("sweeps").resolve(sweep + "." + target);
  }

  /** The state told last, and to which server. */
  private String told(String sweep) throws IOException {
    return Files.exists(file(sweep)) ? Files.readString(file(sweep)) : "";
  }
}
