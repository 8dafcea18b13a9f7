package org.voxbench.workflows.shipping;

import com.fasterxml.jackson.core.type.TypeReference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
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
import org.voxbench.workflows.Json;
import org.voxbench.workflows.journal.Run;

/**
 * The runs that stand for sweeps, parents of their cells' runs. MLflow wants parent and child in
 * one experiment: a sweep over several has a parent in each, and all of them last as long as the
 * sweep.
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

  /** The parent of a run, made where it is missing. */
  synchronized TrackedRun of(Run run, String sweep) throws TrackingException {
    String name = sweep + " in " + run.name();
    TrackedRun known = open.get(name);
    if (known == null) {
      String place = Integer.toHexString(home.root().toString().hashCode());
      String key = ("sweep." + place + "." + sweep).replaceAll("[^A-Za-z0-9_.:-]", "_");
      Map<String, String> tags = new TreeMap<>(Provenance.tags(home.run(run.id())));
      tags.put("voxbench.sweep", sweep);
      Instant started = SweepState.started(home, sweep, run.created());
      known = tracker.open(new NewRun(run.name(), key, sweep, started, tags));
      open.put(name, known);
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
    Map<String, String> told = notes(sweep, server);
    for (Run cell : state.oneOfEachExperiment()) {
      if (!state.stamp().equals(told.get(cell.name()))) {
        try {
          tell(of(cell, sweep), state);
        } catch (TrackingRefusedException refused) {
          LOG.warn("sweep {} cannot be told: {}", sweep, refused.getMessage());
        }
        told.put(cell.name(), state.stamp());
        keep(sweep, server, told);
      }
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
    for (Map.Entry<String, Path> file : state.report().entrySet()) {
      String unused = parent.artifact(file.getKey(), file.getValue());
    }
    RunEnd end =
        switch (state.state()) {
          case "SUCCEEDED" -> RunEnd.FINISHED;
          case "CANCELLED" -> RunEnd.KILLED;
          default -> RunEnd.FAILED;
        };
    parent.end(end, finished);
  }

  private Path file(String sweep) {
    return home.tracking().resolve("sweeps").resolve(sweep + "." + target + ".json");
  }

  /** States told, by experiment; none where they were told to another server. */
  private Map<String, String> notes(String sweep, String server) {
    Map<String, String> notes = new LinkedHashMap<>();
    try {
      if (Files.exists(file(sweep))) {
        notes = Json.MAPPER.readValue(file(sweep).toFile(), new TypeReference<>() {});
      }
    } catch (IOException damaged) {
      LOG.warn("{} cannot be read; the sweep is told again", file(sweep));
    }
    return server.equals(notes.get("")) ? notes : new LinkedHashMap<>();
  }

  private void keep(String sweep, String server, Map<String, String> told) throws IOException {
    told.put("", server);
    Files.createDirectories(file(sweep).resolveSibling(""));
    AtomicFiles.write(file(sweep), Json.MAPPER.writeValueAsBytes(told));
  }
}
