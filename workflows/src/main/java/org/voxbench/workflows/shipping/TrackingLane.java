package org.voxbench.workflows.shipping;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.voxbench.tracking.NewRun;
import org.voxbench.tracking.TrackedRun;
import org.voxbench.tracking.Tracker;
import org.voxbench.tracking.TrackingException;
import org.voxbench.workflows.Home;
import org.voxbench.workflows.journal.Run;

/** One server: points on one thread, files on another, so that weights never delay a curve. */
final class TrackingLane implements AutoCloseable {

  private final Home home;
  private final Target target;
  private final Tracker tracker;
  private final List<LaneThread> threads = new ArrayList<>();
  private final Map<String, TrackedRun> open = new ConcurrentHashMap<>();
  private @Nullable String identity;

  TrackingLane(Home home, Target target, Duration pause) {
    this.home = home;
    this.target = target;
    this.tracker = target.connect(pause);
    for (Teller teller : List.of(new PointTeller(), new FileTeller())) {
      threads.add(new LaneThread(this, teller, pause));
    }
  }

  Target target() {
    return target;
  }

  Home home() {
    return home;
  }

  /** Has a run told, as it stands when its turn comes. */
  void add(String run) {
    threads.forEach(thread -> thread.add(run));
  }

  /** Name and identity of the server, which is asked once. */
  synchronized String server() throws TrackingException {
    if (identity == null) {
      identity = target.name() + " " + tracker.identity();
    }
    return identity;
  }

  synchronized TrackedRun open(Run run) throws TrackingException {
    TrackedRun known = open.get(run.id());
    if (known != null) {
      return known;
    }
    String key = run.id() + "." + run.created().toEpochMilli();
    Map<String, String> tags = Map.of("voxbench.home", home.root().toString());
    TrackedRun opened = tracker.open(new NewRun(run.name(), key, run.id(), run.created(), tags));
    open.put(run.id(), opened);
    return opened;
  }

  /** The server does not know the run any more, or nobody needs it any longer. */
  synchronized void forget(String run) {
    open.remove(run);
    identity = null;
  }

  /** Whether a run was told wholly, as far as the notes say. */
  boolean isTold(Run run) {
    return threads.stream()
        .allMatch(
            thread ->
                Told.read(home.run(run.id()), thread.notes())
                    .state()
                    .equals(RunContent.stamp(run)));
  }

  /** Tells what is left while the server takes it, and ends. */
  @Override
  public void close() {
    threads.forEach(LaneThread::finish);
    threads.forEach(LaneThread::await);
    tracker.close();
  }

  /** Runs that wait, and why. */
  Backlog backlog() {
    int waiting = threads.stream().mapToInt(LaneThread::waiting).max().orElse(0);
    String problem =
        threads.stream().map(LaneThread::problem).filter(p -> !p.isEmpty()).findFirst().orElse("");
    return new Backlog(target.name(), target.uri().toString(), waiting, problem);
  }
}
