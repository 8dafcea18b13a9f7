package org.voxbench.steps.download;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.voxbench.steps.StepContext;
import org.voxbench.steps.StepStoppedException;
import org.voxbench.steps.StopSignal;
import org.voxbench.steps.TransientStepException;

/**
 * Fetches one file: in parallel ranges where the server can, else in one piece. Each try goes on
 * from the last byte that arrived; only failures in a row without a byte gained are counted.
 */
final class Fetch {

  private static final int BUFFER = 1 << 16;

  private final Remote remote;
  private final String title;
  private final Patience patience;
  private final int connections;
  private final StepContext context;

  Fetch(Remote remote, String title, Patience patience, int connections, StepContext context) {
    this.remote = remote;
    this.title = title;
    this.patience = patience;
    this.connections = connections;
    this.context = context;
  }

  /** The file on the server is not the one the chunks so far came from. */
  private static final class ChangedException extends IOException {
    private static final long serialVersionUID = 1L;

    ChangedException(String message) {
      super(message);
    }
  }

  /** One try; its failures are counted by {@link #persist}. */
  private interface Try {

    /** Whether it finished; false when some bytes came but not all. */
    boolean once() throws IOException;
  }

  /**
   * Fetches to {@code file}, by way of {@code part}.
   *
   * @throws TransientStepException when patience ran out; what arrived is kept in {@code part}
   */
  void to(Path file, Path part) throws IOException {
    for (int round = 0; ; round++) {
      try {
        once(file, part);
        return;
      } catch (ChangedException e) {
        PartialFile.discard(part);
        if (round == 1) {
          throw new TransientStepException(title + ": " + e.getMessage(), e);
        }
        context.listener().note(title + ": " + e.getMessage() + "; starting afresh");
      }
    }
  }

  private void once(Path file, Path part) throws IOException {
    List<Remote.Answer> probe = new ArrayList<>();
    persist(context.stop(), () -> probe.add(probe()));
    Remote.Answer answer = probe.get(0);
    answer.close();
    if (!answer.partial() || answer.total() < 0) {
      persist(context.stop(), () -> whole(part));
      Files.move(part, file);
      return;
    }
    try (PartialFile partial =
        PartialFile.open(part, answer.total(), answer.validator(), patience.chunkBytes())) {
      chunks(partial, answer);
      partial.finish(file);
    }
  }

  private Remote.Answer probe() throws IOException {
    try {
      return remote.get(0, 0);
    } catch (Remote.Refusal e) {
      if (e.status() == 416) {
        return remote.get(0, -1);
      }
      throw e;
    }
  }

  private boolean whole(Path part) throws IOException {
    try (Remote.Answer answer = remote.get(0, -1);
        InputStream in = answer.body();
        OutputStream out = Files.newOutputStream(part)) {
      byte[] buffer = new byte[BUFFER];
      long arrived = 0;
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        context.stop().check();
        out.write(buffer, 0, count);
        arrived += count;
        if (answer.total() > 0) {
          context.listener().progress(title, Math.min(arrived, answer.total()), answer.total());
        }
      }
      if (answer.total() >= 0 && arrived != answer.total()) {
        throw new IOException(
            "the server announced " + answer.total() + " bytes but sent " + arrived);
      }
      return true;
    }
  }

  private void chunks(PartialFile partial, Remote.Answer origin) throws IOException {
    Queue<Integer> missing = new ConcurrentLinkedQueue<>(partial.missing());
    ExecutorService threads = Executors.newFixedThreadPool(connections);
    List<Future<?>> workers = new ArrayList<>();
    try {
      for (int worker = 0; worker < connections; worker++) {
        workers.add(
            threads.submit(
                () -> {
                  for (Integer chunk = missing.poll(); chunk != null; chunk = missing.poll()) {
                    chunk(partial, chunk, origin);
                  }
                  return null;
                }));
      }
      for (Future<?> worker : workers) {
        await(worker, partial, origin.total());
      }
      context.listener().progress(title, Math.max(1, origin.total()), Math.max(1, origin.total()));
    } finally {
      missing.clear();
      threads.shutdownNow();
    }
  }

  private void await(Future<?> worker, PartialFile partial, long total) throws IOException {
    while (true) {
      try {
        worker.get(200, TimeUnit.MILLISECONDS);
        return;
      } catch (TimeoutException e) {
        context.stop().check();
        context.listener().progress(title, Math.min(partial.arrived(), total), total);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new StepStoppedException(title + ": interrupted; what arrived is kept", e);
      } catch (ExecutionException e) {
        if (e.getCause() instanceof IOException cause) {
          throw cause;
        }
        if (e.getCause() instanceof RuntimeException cause) {
          throw cause;
        }
        throw new IllegalStateException(e.getCause());
      }
    }
  }

  private void chunk(PartialFile partial, int chunk, Remote.Answer origin) throws IOException {
    long[] next = {partial.first(chunk)};
    StopSignal stop = () -> context.stop().requested() || Thread.currentThread().isInterrupted();
    persist(stop, () -> range(partial, next, partial.last(chunk), origin));
    partial.complete(chunk);
  }

  private boolean range(PartialFile partial, long[] next, long last, Remote.Answer origin)
      throws IOException {
    long before = next[0];
    try (Remote.Answer answer = remote.get(next[0], last)) {
      if (!answer.partial()
          || answer.total() != origin.total()
          || !answer.validator().equals(origin.validator())) {
        throw new ChangedException("the file on the server changed while it was fetched");
      }
      byte[] buffer = new byte[BUFFER];
      InputStream in = answer.body();
      while (next[0] <= last) {
        int count = in.read(buffer, 0, (int) Math.min(BUFFER, last - next[0] + 1));
        if (count < 0) {
          break;
        }
        partial.write(buffer, count, next[0]);
        next[0] += count;
      }
    } catch (Remote.Refusal e) {
      if (e.status() == 416) {
        throw new ChangedException(
            "the server announced " + origin.total() + " bytes but refuses byte " + next[0]);
      }
      throw e;
    } catch (IOException e) {
      if (e instanceof ChangedException || next[0] == before) {
        throw e;
      }
    }
    if (next[0] == before) {
      throw new IOException("the connection closed before the first byte");
    }
    return next[0] > last;
  }

  private void persist(StopSignal stop, Try attempt) throws IOException {
    int failures = 0;
    while (true) {
      stop.check();
      try {
        if (attempt.once()) {
          return;
        }
        failures = 0;
      } catch (ChangedException e) {
        throw e;
      } catch (IOException e) {
        failures++;
        if (failures >= patience.tries()) {
          throw new TransientStepException(
              title + ": gave up after " + failures + " tries: " + e.getMessage(), e);
        }
        Duration asked = e instanceof Remote.Refusal refusal ? refusal.after() : Duration.ZERO;
        patience.pause(failures, asked, stop);
      }
    }
  }
}
