package org.voxbench.tracking;

import java.nio.file.Path;
import java.time.InstantSource;

/**
 * Which files go in parts.
 *
 * @param notes folder for notes on uploads that are under way; made when the first one begins
 * @param above files of more bytes go in parts
 * @param size of a part in bytes; S3 wants 5 MiB at least
 * @param clock tells when a note is too old to be of use
 */
record PartRules(Path notes, long above, long size, InstantSource clock) {

  /** The most that S3 and the embedded server take. */
  private static final int MOST = 10_000;

  PartRules {
    if (above < 0 || size < 1) {
      throw new IllegalArgumentException(
          "parts: expected a size of at least 1 but found " + size + " above " + above);
    }
  }

  /** A part of 16 MiB gets through a proxy that waits a minute at 2.3 Mbit/s. */
  static PartRules standard(Path notes) {
    return new PartRules(notes, 64 << 20, 16 << 20, InstantSource.system());
  }

  /** The size of a part of a file so large. */
  long partSize(long bytes) {
    return Math.max(size, (bytes + MOST - 1) / MOST);
  }
}
