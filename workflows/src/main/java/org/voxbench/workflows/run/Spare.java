package org.voxbench.workflows.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;

/**
 * Room on a disk that is set aside for the last words when it is full.
 *
 * @param file that takes the room
 * @param bytes how much
 */
record Spare(Path file, int bytes) {

  /** Takes the room where it is not taken already. */
  void setAside() throws IOException {
    if (!Files.exists(file) || Files.size(file) < bytes) {
      byte[] random = new byte[bytes];
      // A file system that compresses would keep nothing of zeros.
      new SplittableRandom(bytes).nextBytes(random);
      Files.write(file, random);
    }
  }

  /** Gives it to those who write; tells whether there was any. */
  boolean giveBack() throws IOException {
    return Files.deleteIfExists(file);
  }
}
