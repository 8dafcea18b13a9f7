package org.voxbench.workflows.shipping;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.voxbench.tracking.Credentials;
import org.voxbench.workflows.Home;
import org.voxbench.workflows.journal.Run;
import org.voxbench.workflows.run.RunObserver;

/**
 * Ships runs to the embedded tracking server, and each to the one it names besides. It reads the
 * run folders on threads of its own: a server that is slow or away delays the telling and nothing
 * else. What could not be told is told by the next coordinator.
 */
public final class TrackingShipper implements RunObserver, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(TrackingShipper.class);
  static final Pace PACE = new Pace(Duration.ofSeconds(2), Duration.ofSeconds(20));
  private static final Duration LAST = Duration.ofSeconds(60);

  private final Home home;
  private final TrackingTarget targets;
  private final Pace pace;
  private final @Nullable TrackingLane embedded;
  private final Map<String, TrackingLane> lanes = new ConcurrentHashMap<>();
  private final AtomicBoolean ended = new AtomicBoolean();

  /**
   * How patient to be with a server.
   *
   * @param pause how long it is left alone after a failure; twice as long after each further one, a
   *     minute at most
   * @param deadline how long one answer may take, or an upload stand still
   */
  public record Pace(Duration pause, Duration deadline) {}

  /**
   * Begins to ship, first what an earlier coordinator could not.
   *
   * @param embedded address of the embedded server
   * @param token that it wants
   */
  public TrackingShipper(Home home, URI embedded, Credentials token, TrackingTarget targets) {
    this(home, embedded, token, targets, PACE);
  }

  /** Begins to ship at a pace of the caller's. */
  public TrackingShipper(
      Home home, URI embedded, Credentials token, TrackingTarget targets, Pace pace) {
    this.home = home;
    this.targets = targets;
    this.pace = pace;
    this.embedded = new TrackingLane(home, Target.embedded(embedded, token), pace);
    lanes.put(Target.EMBEDDED, this.embedded);
    addBehind();
  }

  /** Ships to the runs' own servers alone. */
  public TrackingShipper(Home home, TrackingTarget targets) {
    this.home = home;
    this.targets = targets;
    this.pace = PACE;
    this.embedded = null;
    addBehind();
  }

  // An empty store is noticed when the run is told: the embedded server may be a new one.
  private void addBehind() {
    for (String id : runs(home)) {
      try {
        Run run = RunContent.read(home, id).run();
        if (embedded != null) {
          embedded.add(id);
        }
        TrackingLane own = lane(id);
        if (own != null && !own.isTold(run)) {
          own.add(id);
        } else if (own != null) {
          own.attend(id);
        }
      } catch (IOException | IllegalArgumentException unreadable) {
        LOG.warn("run {} cannot be told to a tracking server: {}", id, unreadable.getMessage());
      }
    }
  }

  static List<String> runs(Home home) {
    if (!Files.isDirectory(home.runs())) {
      return List.of();
    }
    try (Stream<Path> folders = Files.list(home.runs())) {
      return folders
          .filter(folder -> Files.exists(folder.resolve("run.json")))
          .map(folder -> String.valueOf(folder.getFileName()))
          .sorted()
          .toList();
    } catch (IOException unreadable) {
      LOG.warn("the runs in {} cannot be listed: {}", home.runs(), unreadable.getMessage());
      return List.of();
    }
  }

  private @Nullable TrackingLane lane(String id) throws IOException {
    Target target = targets.of(home.run(id));
    return target == null
        ? null
        : lanes.computeIfAbsent(target.name(), name -> new TrackingLane(home, target, pace));
  }

  @Override
  public void changed(Run run) {
    lanes(run.id()).forEach(lane -> lane.add(run.id()));
  }

  /** Has runs told at once to the servers that they name now, whatever went wrong before. */
  public void tellNow(List<String> runs) {
    runs.forEach(id -> lanes(id).forEach(lane -> lane.addNow(id)));
  }

  private List<TrackingLane> lanes(String id) {
    @Nullable TrackingLane own = null;
    try {
      own = lane(id);
    } catch (IOException | IllegalArgumentException unusable) {
      LOG.warn("run {} is told to the embedded server alone: {}", id, unusable.getMessage());
    }
    return Stream.of(own, embedded).filter(Objects::nonNull).map(Objects::requireNonNull).toList();
  }

  /** What each server was not told yet. */
  public List<Backlog> backlog() {
    return lanes.values().stream().map(TrackingLane::backlog).toList();
  }

  /** Ships what is left, however long it takes, unless a server fails; and ends. */
  public void finish() {
    end(null);
  }

  /** Ships what is left for a limited time, and the file that is under way then; and ends. */
  @Override
  public void close() {
    end(System.nanoTime() + LAST.toNanos());
  }

  private void end(@Nullable Long deadline) {
    if (ended.compareAndSet(false, true)) {
      lanes.values().forEach(lane -> lane.finish(deadline));
      lanes.values().forEach(TrackingLane::close);
    }
  }
}
