package org.voxbench.workflows.coordinator;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.voxbench.workflows.Home;

/**
 * One coordinator per home folder: the operating system gives the lock back when its owner dies.
 */
public record CoordinatorLock(FileChannel channel, FileLock lock) implements AutoCloseable {

  /** Takes the lock, or nothing where another process holds it. */
  public static Optional<CoordinatorLock> tryTake(Home home) throws IOException {
    FileChannel channel =
        FileChannel.open(home.lock(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    @Nullable FileLock lock;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      lock = null;
    }
    if (lock == null) {
      channel.close();
      return Optional.empty();
    }
    return Optional.of(new CoordinatorLock(channel, lock));
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
