package org.voxbench.workflows.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import org.voxbench.workflows.journal.AttemptJournal;
import org.voxbench.workflows.journal.AttemptJournal.Attempt;

/** Keeps the lease of an attempt, and tells its worker that somebody attends to it. */
final class Heartbeat {

  private static final long EVERY_NANOS = 5_000_000_000L;

  private final AttemptJournal attempts;
  private final Attempt attempt;
  private final AttemptFolder folder;
  private final InstantSource clock;
  private long last = System.nanoTime() - EVERY_NANOS;

  Heartbeat(AttemptJournal attempts, Attempt attempt, AttemptFolder folder, InstantSource clock) {
    this.attempts = attempts;
    this.attempt = attempt;
    this.folder = folder;
    this.clock = clock;
  }

  /** Renews the lease when it is time; gives whether it is still ours. */
  boolean beat() throws IOException {
    if (System.nanoTime() - last < EVERY_NANOS) {
      return true;
    }
    last = System.nanoTime();
    touch(folder.attended());
    return attempts.renew(attempt, clock.instant());
  }

  /**
   * Makes a file, or a file younger, by writing one byte: in place, so that a full disk has room.
   */
  static void touch(Path file) throws IOException {
    Files.write(file, new byte[] {'.'}, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
  }
}
