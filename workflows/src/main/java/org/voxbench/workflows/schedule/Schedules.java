package org.voxbench.workflows.schedule;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.quartz.SchedulerException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.voxbench.workflows.config.Cron;
import org.voxbench.workflows.config.Sweep;
import org.voxbench.workflows.routes.ScheduleRoutes;
import org.voxbench.workflows.sweep.SweepRun;

/**
 * Fires schedules. Their files are the truth; Quartz keeps in the index when each fires next, so
 * that a restart neither forgets a time that was missed nor fires twice.
 */
public final class Schedules implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Schedules.class);
  private static final Duration LATE = Duration.ofMinutes(5);
  private static final long LOOK_SECONDS = 60;

  private final ScheduleBook book;
  private final InstantSource clock;
  private final SweepStarter starter;
  private final ScheduleRoutes routes;
  private final Map<String, Sweep.Schedule> armed = new ConcurrentHashMap<>();
  private final ScheduledExecutorService watchdog =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread thread = new Thread(work, "schedule-watchdog");
            thread.setDaemon(true);
            return thread;
          });

  /** Begins sweeps. */
  public interface SweepStarter {

    /** Begins the sweep of a schedule; gives its id. */
    String begin(Schedule schedule) throws IOException;

    /** The sweep of a schedule that goes on, if one does. */
    Optional<SweepRun> goingOn(String schedule) throws IOException;
  }

  public Schedules(
      CamelContext camel,
      DataSource source,
      ScheduleBook book,
      SweepStarter starter,
      InstantSource clock) {
    this.book = book;
    this.starter = starter;
    this.clock = clock;
    this.routes = new ScheduleRoutes(camel, source, this::fire);
  }

  /** Brings Quartz into agreement with the files, now and every minute. */
  public void start() {
    sync();
    try {
      routes.start();
    } catch (SchedulerException e) {
      LOG.error("no schedule will fire: {}", e.getMessage(), e);
    }
    followUp();
    var unused =
        watchdog.scheduleWithFixedDelay(this::look, LOOK_SECONDS, LOOK_SECONDS, TimeUnit.SECONDS);
  }

  /** Brings Quartz into agreement with the files. */
  public synchronized void sync() {
    try {
      List<Schedule> wanted = book.all();
      List<String> names = wanted.stream().map(Schedule::name).toList();
      for (String name : routes.stored()) {
        // Removed while no coordinator ran.
        if (!names.contains(name)) {
          routes.remove(name);
        }
      }
      for (String name : List.copyOf(armed.keySet())) {
        boolean same =
            wanted.stream()
                .anyMatch(s -> s.name().equals(name) && s.timing().equals(armed.get(name)));
        if (!same) {
          routes.remove(name);
          armed.remove(name);
        }
      }
      for (Schedule schedule : wanted) {
        if (!armed.containsKey(schedule.name())) {
          routes.add(schedule.name(), schedule.timing());
          armed.put(schedule.name(), schedule.timing());
        }
        routes.hold(schedule.name(), schedule.paused());
      }
    } catch (Exception e) {
      LOG.error("the schedules are not in agreement with their files: {}", e.getMessage(), e);
    }
  }

  /**
   * How it stands with the schedules, in words.
   *
   * @throws IllegalStateException when one has stopped firing
   */
  public String condition() throws Exception {
    for (String name : armed.keySet()) {
      Schedule schedule = book.read(name);
      if (!schedule.paused() && isStuck(schedule)) {
        throw new IllegalStateException("schedule " + name + " has stopped firing");
      }
    }
    return routes.isStarted()
        ? armed.size() + " schedules"
        : "not started: voxbench serve fires schedules";
  }

  /** The watchdog: a trigger that has stopped firing is armed again, and said. */
  void look() {
    sync();
    followUp();
    for (Map.Entry<String, Sweep.Schedule> entry : armed.entrySet()) {
      try {
        Schedule schedule = book.read(entry.getKey());
        if (!schedule.paused() && isStuck(schedule)) {
          LOG.warn("schedule {} has stopped firing; it is armed again", schedule.name());
          routes.remove(schedule.name());
          routes.add(schedule.name(), schedule.timing());
        }
      } catch (Exception e) {
        LOG.warn("the watchdog cannot look at schedule {}: {}", entry.getKey(), e.getMessage());
      }
    }
  }

  private boolean isStuck(Schedule schedule) throws Exception {
    Optional<Date> next = routes.next(schedule.name());
    List<Instant> due = Cron.next(schedule.timing(), clock.instant(), 1);
    if (next.isEmpty() || due.isEmpty()) {
      return next.isEmpty() && !due.isEmpty();
    }
    Instant armed = next.get().toInstant();
    // Too late: it does not fire. Too early: a clock that was ahead for a while has been set back,
    // and Quartz would wait until that future comes.
    return armed.plus(LATE).isBefore(clock.instant()) || armed.isAfter(due.get(0).plus(LATE));
  }

  /** Begins what was queued behind a sweep whose end nobody was there to see. */
  private void followUp() {
    try {
      for (Schedule schedule : book.all()) {
        if (schedule.queued() && starter.goingOn(schedule.name()).isEmpty()) {
          beginQueued(schedule.name());
        }
      }
    } catch (IOException | RuntimeException e) {
      LOG.warn("the watchdog cannot look for queued sweeps: {}", e.getMessage());
    }
  }

  /** It is time for a schedule; gives the id of the sweep where one is begun. */
  public Optional<String> trigger(String name) throws IOException {
    Schedule schedule = book.read(name);
    Optional<SweepRun> last = starter.goingOn(name);
    if (last.isPresent()) {
      boolean queue = schedule.timing().overlap().equals("queue");
      LOG.warn(
          "schedule {}: sweep {} still goes on; this time {}",
          name,
          last.get().id(),
          queue ? "is queued behind it" : "is skipped");
      if (queue) {
        book.save(schedule.queued(true));
      }
      return Optional.empty();
    }
    return Optional.of(starter.begin(schedule));
  }

  /** It is time, says Quartz. */
  void fire(String name) {
    try {
      Instant end = book.read(name).timing().end();
      if (end != null && clock.instant().isAfter(end)) {
        LOG.info("schedule {} has ended at {}", name, end);
        return;
      }
      trigger(name).ifPresent(sweep -> LOG.info("schedule {} began sweep {}", name, sweep));
    } catch (IOException | RuntimeException e) {
      LOG.error("schedule {} could not begin its sweep: {}", name, e.getMessage(), e);
    }
  }

  /** A sweep has ended: one that was queued behind it follows. */
  public void ended(SweepRun sweep) {
    String name = sweep.order().schedule();
    if (name != null) {
      beginQueued(name);
    }
  }

  private synchronized void beginQueued(String name) {
    try {
      if (book.has(name) && book.read(name).queued()) {
        Schedule schedule = book.save(book.read(name).queued(false));
        LOG.info("schedule {} began its queued sweep {}", name, starter.begin(schedule));
      }
    } catch (IOException | RuntimeException e) {
      LOG.error("schedule {} could not begin its queued sweep: {}", name, e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    watchdog.shutdownNow();
  }
}
