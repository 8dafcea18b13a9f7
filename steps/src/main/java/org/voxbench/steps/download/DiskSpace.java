package org.voxbench.steps.download;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.voxbench.steps.PermanentStepException;

/** Refuses work that cannot fit the disk before it fills it. */
final class DiskSpace {

  /** Left free for whatever else runs on the machine. */
  private static final long RESERVE = 64L << 20;

  private DiskSpace() {}

  /**
   * Checks that {@code bytes} more fit beside a reserve of 64 MiB.
   *
   * @param what what needs them, as the start of a sentence
   */
  static void require(Path folder, long bytes, String what) throws IOException {
    long free = Files.getFileStore(folder).getUsableSpace();
    if (bytes > free - RESERVE) {
      throw new PermanentStepException(
          "%s needs %d MiB but %s has %d MiB free (64 MiB are kept); free some or choose another --home"
              .formatted(what, (bytes >> 20) + 1, folder, free >> 20));
    }
  }
}
