package org.voxbench.workflows.run;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a worker does beside its work: it beats, notes on what machine it is and how busy that is,
 * and notices when its coordinator has died. An orphan works on, so that the next coordinator can
 * adopt it; one that nobody adopts for a while saves and stops, so that no forgotten process keeps
 * a machine busy.
 */
public final class WorkerLife implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(WorkerLife.class);
  private static final long BEAT_SECONDS = 5;
  private static final Duration PATIENCE =
      Duration.ofSeconds(Long.getLong("voxbench.orphan.seconds", 600));

  private final AttemptFolder folder;
  private final InstantSource clock;
  private final Runnable stop;
  private final CountDownLatch orphaned = new CountDownLatch(1);
  private final ScheduledExecutorService beat =
      Executors.newSingleThreadScheduledExecutor(work -> daemon(work, "beat"));

  private final SystemSampler sampler;

  private WorkerLife(
      AttemptFolder folder, InstantSource clock, Runnable stop, SystemSampler sampler) {
    this.folder = folder;
    this.clock = clock;
    this.stop = stop;
    this.sampler = sampler;
  }

  /**
   * Begins to beat, and to note how it stands with the machine.
   *
   * @param parent ends when the coordinator does
   * @param stop asks the worker to save and stop
   */
  public static WorkerLife begin(
      AttemptFolder folder, InputStream parent, InstantSource clock, Runnable stop)
      throws IOException {
    folder.setAside();
    int threads = folder.readRequest().resources().threads();
    SystemSampler sampler = SystemSampler.beside(folder, threads, clock);
    WorkerLife life = new WorkerLife(folder, clock, stop, sampler);
    var unused = life.beat.scheduleWithFixedDelay(life::once, 0, BEAT_SECONDS, TimeUnit.SECONDS);
    daemon(() -> life.watch(parent), "parent-watch").start();
    return life;
  }

  private static Thread daemon(Runnable work, String name) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    return thread;
  }

  private void watch(InputStream parent) {
    try {
      while (parent.read() >= 0) {}
    } catch (IOException e) {
      // A broken pipe says the same as its end.
    }
    orphaned.countDown();
    if (!marked()) {
      LOG.warn(
          "the coordinator died before it had noted this worker, which nobody can find: it stops");
      stop.run();
    }
  }

  /** Whether the next coordinator can find this worker. */
  private boolean marked() {
    try {
      WorkerProcess known = folder.readWorker();
      return known != null && known.pid() == ProcessHandle.current().pid();
    } catch (IOException e) {
      return false;
    }
  }

  private void once() {
    try {
      Heartbeat.touch(folder.heartbeat());
      if (orphaned.getCount() == 0 && forgotten()) {
        LOG.warn("no coordinator attended to this worker for {}: it saves and stops", PATIENCE);
        stop.run();
      }
    } catch (IOException | RuntimeException e) {
      LOG.warn("the heartbeat failed: {}", e.getMessage());
    }
  }

  private boolean forgotten() throws IOException {
    Instant last =
        Files.exists(folder.attended())
            ? Files.getLastModifiedTime(folder.attended()).toInstant()
            : Files.getLastModifiedTime(folder.request()).toInstant();
    return last.plus(PATIENCE).isBefore(clock.instant());
  }

  @Override
  public void close() {
    beat.shutdownNow();
    sampler.close();
    try {
      folder.giveBack();
    } catch (IOException e) {
      LOG.warn("the room that was set aside stays: {}", e.getMessage());
    }
  }
}
