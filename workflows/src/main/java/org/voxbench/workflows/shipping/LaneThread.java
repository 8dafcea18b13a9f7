package org.voxbench.workflows.shipping;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.voxbench.tracking.TrackedRun;
import org.voxbench.tracking.TrackingException;
import org.voxbench.tracking.TrackingRefusedException;
import org.voxbench.tracking.TrackingUnavailableException;
import org.voxbench.workflows.journal.Run;

/** One teller of one server: looks every half second, and backs off while the server fails. */
final class LaneThread {

  private static final Logger LOG = LoggerFactory.getLogger(LaneThread.class);
  private static final long EVERY_MILLIS = 500;
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

  private final TrackingLane lane;
  private final Teller teller;
  private final BackOff backOff;
  private final Set<String> waiting = new ConcurrentSkipListSet<>();
  private final Set<String> reopened = ConcurrentHashMap.newKeySet();
  private final Set<String> again = ConcurrentHashMap.newKeySet();
  private final ScheduledExecutorService thread;
  private final Map<String, String> aside = new ConcurrentSkipListMap<>();
  private volatile String outage = "";
  private volatile @Nullable Long last;

  LaneThread(TrackingLane lane, Teller teller, Duration pause) {
    this.lane = lane;
    this.teller = teller;
    this.backOff = new BackOff(pause, LONGEST_PAUSE, System.nanoTime());
    this.thread =
        Executors.newSingleThreadScheduledExecutor(
            work -> {
              Thread daemon = new Thread(work, "tracking-" + notes());
              daemon.setDaemon(true);
              return daemon;
            });
    var unused =
        thread.scheduleWithFixedDelay(
            this::tellUnlessPaused, 0, EVERY_MILLIS, TimeUnit.MILLISECONDS);
  }

  String notes() {
    return lane.target().name() + teller.suffix();
  }

  void add(String run) {
    waiting.add(run);
  }

  /** Somebody asks: what was wrong before, or refused, is tried again. */
  void addNow(String run) {
    again.add(run);
    outage = "";
    aside.remove(run);
    Outage.keep(lane.home(), notes(), problem());
    waiting.add(run);
    backOff.end(System.nanoTime());
  }

  int waiting() {
    return waiting.size();
  }

  /** Why not all is told; empty while all goes well. */
  String problem() {
    return outage.isEmpty() ? String.join("; ", aside.values()) : outage;
  }

  private void tellUnlessPaused() {
    if (backOff.isOver(System.nanoTime())) {
      tellAll();
    }
  }

  private void tellAll() {
    try {
      for (String id : List.copyOf(waiting)) {
        tellOrSetAside(id);
      }
      if (teller.suffix().isEmpty() && !lane.parents().isIdle()) {
        lane.parents().tell(lane.server());
      }
      backOff.worked();
      outage = "";
    } catch (TrackingUnavailableException e) {
      LOG.debug("not told yet: {}", e.getMessage());
      outage = String.valueOf(e.getMessage());
      backOff.failed(System.nanoTime());
    } catch (OutOfTimeException e) {
      outage = String.valueOf(e.getMessage());
    } catch (TrackingException | IOException | RuntimeException e) {
      LOG.warn("a sweep cannot be told to {}: {}", lane.target().uri(), e.getMessage(), e);
    }
    String problem = problem();
    Outage.keep(
        lane.home(), notes(), problem.isEmpty() ? "" : lane.target().uri() + ": " + problem);
  }

  private void tellOrSetAside(String id) throws TrackingUnavailableException, OutOfTimeException {
    try {
      tell(id);
      aside.remove(id);
    } catch (TrackingUnavailableException | OutOfTimeException e) {
      throw e;
    } catch (TrackingRefusedException e) {
      refused(id, e);
    } catch (TrackingException | IOException | RuntimeException e) {
      setAside(id, e);
    }
  }

  // The server may have been replaced by an empty one: then the run is opened and told anew, once.
  private void refused(String id, TrackingRefusedException refusal) {
    if (refusal.isMissing() && reopened.add(id)) {
      lane.forget(id);
    } else {
      setAside(id, refusal);
    }
  }

  private void setAside(String id, Exception cause) {
    waiting.remove(id);
    if (!Files.isDirectory(lane.home().run(id))) {
      lane.gone(id);
      return;
    }
    aside.put(id, "run " + id + ": " + cause.getMessage());
    LOG.debug("run {} cannot be told", id, cause);
    LOG.warn(
        "run {} cannot be told to {}: {}. It is tried again by the next coordinator, or by: voxbench"
            + " tracking ship {}",
        id,
        lane.target().uri(),
        cause.getMessage(),
        id);
  }

  private void tell(String id) throws TrackingException, IOException {
    RunContent content = RunContent.read(lane.home(), id);
    Run run = content.run();
    Path folder = lane.home().run(id);
    String server = lane.server();
    Told told = Told.read(folder, notes());
    if (again.remove(id)) {
      told = told.again();
      told.write(folder, notes());
    }
    if (!told.server().equals(server)) {
      told = Told.nothing(server);
    }
    if (!(run.state().ended() && told.state().equals(RunContent.stamp(run)))) {
      TrackedRun tracked = lane.open(run);
      told = told.by(tracked.id());
      Told now = teller.tell(content, tracked, told, some -> keep(some, folder));
      now.write(folder, notes());
    }
    // It may have been queued again in between.
    if (run.state().ended()
        && RunContent.stamp(RunContent.read(lane.home(), id).run()).equals(RunContent.stamp(run))) {
      waiting.remove(id);
    }
  }

  private void keep(Told told, Path folder) throws IOException {
    told.write(folder, notes());
    if (last != null && System.nanoTime() - last > 0) {
      throw new OutOfTimeException();
    }
  }

  /** The command wants to end; what is under way was brought to its end. */
  private static final class OutOfTimeException extends IOException {
    private static final long serialVersionUID = 1;

    OutOfTimeException() {
      super("there was no time for the rest");
    }
  }

  /**
   * Tells what is left, unless the server failed a moment ago, and ends.
   *
   * @param deadline in {@code System.nanoTime()}, after which nothing more is begun; null for none
   */
  void finish(@Nullable Long deadline) {
    last = deadline;
    thread.execute(this::tellUnlessPaused);
    thread.shutdown();
  }

  /**
   * Waits for its end: a call ends at its deadline, an upload when it stands still.
   *
   * @return whether it came before this moment in {@code System.nanoTime()}
   */
  boolean await(long until) throws InterruptedException {
    return thread.awaitTermination(until - System.nanoTime(), TimeUnit.NANOSECONDS);
  }
}
