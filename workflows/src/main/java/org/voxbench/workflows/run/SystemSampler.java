package org.voxbench.workflows.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.voxbench.steps.AtomicFiles;
import org.voxbench.workflows.Json;

/**
 * Writes readings of the machine beside an attempt's events while the worker works, on a thread of
 * its own: one reading costs some tenths of a millisecond. A failure ends the sampling and nothing
 * else.
 */
final class SystemSampler implements AutoCloseable {

  static final Duration EVERY = Duration.ofSeconds(10);

  private static final Logger LOG = LoggerFactory.getLogger(SystemSampler.class);
  private static final long FIRST_MILLIS = 1_000;

  /** As long as nvidia-smi is waited for. */
  private static final long CLOSE_SECONDS = 6;

  private final SystemReadings readings;
  private final Path file;
  private final InstantSource clock;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(SystemSampler::daemon);
  private long samples;

  /**
   * Begins to sample.
   *
   * @param file appended to; made with the first sample
   */
  SystemSampler(SystemReadings readings, Path file, InstantSource clock, Duration every) {
    this.readings = readings;
    this.file = file;
    this.clock = clock;
    long millis = every.toMillis();
    var unused =
        thread.scheduleAtFixedRate(
            this::sample, Math.min(FIRST_MILLIS, millis), millis, TimeUnit.MILLISECONDS);
  }

  /** Writes down on what an attempt is computed, then how busy that machine is until closed. */
  static SystemSampler beside(AttemptFolder folder, int threads, InstantSource clock) {
    SystemReadings readings = new SystemReadings(folder.root(), GpuReadings.of(System.getenv()));
    SystemSampler sampler = new SystemSampler(readings, folder.system(), clock, EVERY);
    sampler.thread.execute(() -> describe(folder, threads));
    return sampler;
  }

  private static void describe(AttemptFolder folder, int threads) {
    try {
      byte[] facts = Json.MAPPER.writeValueAsBytes(MachineFacts.gather(System.getenv(), threads));
      AtomicFiles.replace(folder.environment(), facts);
    } catch (IOException failed) {
      LOG.info("the machine is not described: {}", failed.getMessage());
    }
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "system-metrics");
    thread.setDaemon(true);
    return thread;
  }

  private void sample() {
    // Opened each time: ten seconds later the folder may have been published elsewhere.
    try (EventLog log = new EventLog(file, clock)) {
      for (var reading : readings.take().entrySet()) {
        log.metric(reading.getKey(), reading.getValue(), samples);
      }
      samples++;
    } catch (IOException | UncheckedIOException failed) {
      LOG.info("system metrics end here: {}", failed.getMessage());
      thread.shutdown();
    }
  }

  /** Ends the sampling; a sample under way is written out. */
  @Override
  public void close() {
    thread.shutdown();
    try {
      boolean ended = thread.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
      if (!ended) {
        LOG.info("the last sample of system metrics is left unfinished");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
