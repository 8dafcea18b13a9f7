package org.voxbench.steps.dataset;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The right to work on a shared case, held by one thread of one process. It saves work, nothing
 * depends on it: cases appear by one rename, so a file system without locks is no danger.
 */
public final class Claim implements AutoCloseable {

  /** File locks are held by the process; this tells its threads apart. */
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final Path file;
  private final FileChannel channel;

  private Claim(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  static Optional<Claim> tryFor(Path file) throws IOException {
    Path known = file.toAbsolutePath().normalize();
    if (!HELD.add(known)) {
      return Optional.empty();
    }
    Claim claim = null;
    try {
      FileChannel channel =
          FileChannel.open(known, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      claim = locks(channel) ? new Claim(known, channel) : null;
      if (claim == null) {
        channel.close();
      }
      return Optional.ofNullable(claim);
    } finally {
      if (claim == null) {
        HELD.remove(known);
      }
    }
  }

  private static boolean locks(FileChannel channel) {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false;
    } catch (IOException e) {
      // A file system without locks: both work, the first one publishes.
      return true;
    }
  }

  @Override
  public void close() throws IOException {
    try (channel) {
      Files.deleteIfExists(file);
    } finally {
      HELD.remove(file);
    }
  }
}
