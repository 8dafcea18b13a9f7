package org.voxbench.workflows.shipping;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.voxbench.tracking.NewRun;
import org.voxbench.tracking.TrackedRun;
import org.voxbench.tracking.Tracker;
import org.voxbench.tracking.TrackingException;
import org.voxbench.workflows.Home;
import org.voxbench.workflows.journal.Run;
import org.voxbench.workflows.journal.RunJournal;
import org.voxbench.workflows.journal.Submission;

/** One server: points on one thread, files on another, so that weights never delay a curve. */
final class TrackingLane {

  private static final Logger LOG = LoggerFactory.getLogger(TrackingLane.class);

  private static final long SILENT_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final Home home;
  private final Target target;
  private final Tracker tracker;
  private final List<LaneThread> threads = new ArrayList<>();
  private final Map<String, TrackedRun> open = new ConcurrentHashMap<>();
  private final SweepParents parents;
  private final Set<String> gone = ConcurrentHashMap.newKeySet();
  private @Nullable String identity;

  TrackingLane(Home home, Target target, TrackingShipper.Pace pace) {
    this.home = home;
    this.target = target;
    this.tracker = target.connect(pace, home.uploads());
    this.parents = new SweepParents(home, target.name(), tracker);
    for (Teller teller : List.of(new PointTeller(), new FileTeller())) {
      threads.add(new LaneThread(this, teller, pace.pause()));
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
    attend(run);
    threads.forEach(thread -> thread.add(run));
  }

  /** The same, and at once: also by a server that failed a moment ago. */
  void addNow(String run) {
    tracker.endPause();
    attend(run);
    threads.forEach(thread -> thread.addNow(run));
  }

  /** Has the sweep of a run attended to, if it is of one. */
  void attend(String run) {
    try {
      RunJournal.submission(home.run(run)).map(Submission::sweep).ifPresent(parents::add);
    } catch (IOException unreadable) {
      LOG.warn("the sweep of run {} is not told: {}", run, unreadable.getMessage());
    }
  }

  /** Name and identity of the server, which is asked once. */
  synchronized String server() throws TrackingException {
    if (identity == null) {
      identity = target.name() + " " + tracker.identity();
    }
    return identity;
  }

  synchronized TrackedRun open(Run run) throws TrackingException, IOException {
    TrackedRun known = open.get(run.id());
    if (known != null) {
      return known;
    }
    String key = run.id() + "." + run.created().toEpochMilli();
    Map<String, String> tags = new TreeMap<>(Map.of("voxbench.home", home.root().toString()));
    Optional<Submission> submission = RunJournal.submission(home.run(run.id()));
    String sweep = submission.map(Submission::sweep).orElse(null);
    String experiment = run.name();
    if (sweep != null) {
      experiment = parents.experiment(sweep);
      tags.put("mlflow.parentRunId", parents.of(run, sweep).id());
      tags.put("voxbench.sweep", sweep);
      tags.put("voxbench.cell", submission.map(Submission::cell).orElse(""));
    }
    TrackedRun opened = tracker.open(new NewRun(experiment, key, run.id(), run.created(), tags));
    open.put(run.id(), opened);
    return opened;
  }

  SweepParents parents() {
    return parents;
  }

  /** The server does not know the run any more, or nobody needs it any longer. */
  synchronized void forget(String run) {
    open.remove(run);
    parents.forget();
    identity = null;
  }

  /** The folder of a run was deleted; said once, whichever thread noticed it. */
  void gone(String run) {
    if (gone.add(run)) {
      LOG.warn("the folder of run {} is gone: {} is told no more of it", run, target.uri());
    }
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

  /**
   * Begins to tell what is left.
   *
   * @param deadline in {@code System.nanoTime()}, after which nothing more is begun; null for none
   */
  void finish(@Nullable Long deadline) {
    threads.forEach(thread -> thread.finish(deadline));
  }

  /** Waits until it is told, or the server fails, or the time is over. */
  void close() {
    try {
      await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    tracker.close();
  }

  // One line for a server, however many threads tell it.
  private void await() throws InterruptedException {
    if (!ended(System.nanoTime() + SILENT_NANOS)) {
      if (backlog().runs() > 0) {
        LOG.warn(
            "telling {} the rest of {} run(s); Ctrl-C leaves it for later",
            target.uri(),
            backlog().runs());
      }
      boolean unused = ended(System.nanoTime() + Long.MAX_VALUE / 2);
    }
    Backlog left = backlog();
    if (!left.problem().isEmpty() && left.runs() > 0) {
      LOG.warn(
          "{} run(s) wait for the tracking server {}: {}. Nothing is lost: voxbench tracking ship"
              + " tells the rest, and so does the next run",
          left.runs(),
          left.uri(),
          left.problem());
    }
  }

  private boolean ended(long until) throws InterruptedException {
    boolean ended = true;
    for (LaneThread thread : threads) {
      ended &= thread.await(until);
    }
    return ended;
  }

  /** Runs that wait, and why. */
  Backlog backlog() {
    int waiting = threads.stream().mapToInt(LaneThread::waiting).max().orElse(0);
    String problem =
        threads.stream().map(LaneThread::problem).filter(p -> !p.isEmpty()).findFirst().orElse("");
    return new Backlog(target.name(), target.uri().toString(), waiting, problem);
  }
}
