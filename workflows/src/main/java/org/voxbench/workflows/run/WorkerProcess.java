package org.voxbench.workflows.run;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The process that works on an attempt: the content of {@code worker.json}.
 *
 * @param pid its id
 * @param startMillis when it started, which tells it from a later one with the same id
 * @param host the machine it runs on, or null in files of earlier versions
 */
public record WorkerProcess(long pid, long startMillis, @Nullable String host) {

  static final String HERE = here();

  static WorkerProcess of(ProcessHandle process) {
    long start = process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
    return new WorkerProcess(process.pid(), start, HERE);
  }

  /** The worker of an attempt where it still lives on this machine, or null. */
  static @Nullable ProcessHandle find(AttemptFolder folder) throws IOException {
    WorkerProcess known = folder.readWorker();
    if (known == null || !(known.host() == null || known.host().equals(HERE))) {
      return null;
    }
    return ProcessHandle.of(known.pid())
        .filter(ProcessHandle::isAlive)
        .filter(process -> of(process).startMillis() == known.startMillis())
        .orElse(null);
  }

  /** Whether the worker of an attempt was started on this machine. */
  static boolean isHere(AttemptFolder folder) throws IOException {
    WorkerProcess known = folder.readWorker();
    return known != null && (known.host() == null || known.host().equals(HERE));
  }

  private static String here() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "localhost";
    }
  }
}
