package org.voxbench.workflows.run;

import java.io.IOException;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * Keeps those who take what lies in a home folder apart from those who remove what nobody needs:
 * between finding an output and saying that one needs it, nobody takes it away.
 */
public final class Tidying {

  private final ReadWriteLock lock = new ReentrantReadWriteLock();

  /** What is done meanwhile. */
  @FunctionalInterface
  public interface Work<T> {
    T result() throws IOException;
  }

  /** Does what relies on all that is there staying there. */
  public <T> T relying(Work<T> work) throws IOException {
    return locked(lock.readLock(), work);
  }

  /** Does what removes something; nobody relies on anything meanwhile. */
  public <T> T removing(Work<T> work) throws IOException {
    return locked(lock.writeLock(), work);
  }

  private static <T> T locked(Lock lock, Work<T> work) throws IOException {
    lock.lock();
    try {
      return work.result();
    } finally {
      lock.unlock();
    }
  }
}
