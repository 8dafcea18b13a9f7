package org.voxbench.workflows.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import org.voxbench.steps.RunListener;
import org.voxbench.workflows.Json;

/**
 * The worker's side of {@code events.jsonl}: every event is one appended line that the coordinator
 * can read at once; the disk is forced at most once a second and at the end.
 */
final class EventLog implements RunListener, AutoCloseable {

  private static final long FORCE_EVERY_NANOS = 1_000_000_000L;
  private static final long PROGRESS_EVERY_NANOS = 200_000_000L;

  private final FileChannel channel;
  private final InstantSource clock;
  private long forced = System.nanoTime();
  private long progressed = System.nanoTime() - PROGRESS_EVERY_NANOS;
  private String task = "";
  private boolean unforced;

  EventLog(Path file, InstantSource clock) throws IOException {
    this.channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
    this.clock = clock;
  }

  @Override
  public void metric(String key, double value, long step) {
    append(new Event.Metric(clock.millis(), key, value, step));
  }

  @Override
  public synchronized void progress(String newTask, long done, long total) {
    boolean edge = done == 0 || done >= total || !task.equals(newTask);
    if (edge || System.nanoTime() - progressed >= PROGRESS_EVERY_NANOS) {
      task = newTask;
      progressed = System.nanoTime();
      append(new Event.Progress(clock.millis(), newTask, done, total));
    }
  }

  @Override
  public void note(String sentence) {
    append(new Event.Note(clock.millis(), sentence));
  }

  /** Appends an event as it is. */
  synchronized void append(Event event) {
    try {
      byte[] json = Json.MAPPER.writeValueAsBytes(event);
      ByteBuffer line = ByteBuffer.allocate(json.length + 1).put(json).put((byte) '\n').flip();
      while (line.hasRemaining()) {
        channel.write(line);
      }
      unforced = true;
      if (System.nanoTime() - forced > FORCE_EVERY_NANOS) {
        forced = System.nanoTime();
        channel.force(false);
        unforced = false;
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot append to the event journal: " + e.getMessage(), e);
    }
  }

  @Override
  public synchronized void close() throws IOException {
    try (channel) {
      if (unforced) {
        channel.force(false);
      }
    }
  }
}
