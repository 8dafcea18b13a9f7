package org.voxbench.steps.preprocess;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.function.ToLongFunction;
import org.voxbench.steps.StepContext;
import org.voxbench.steps.StepStoppedException;

/**
 * Works on several cases at once, as many as threads and memory allow. A case waits until its
 * memory is free; nothing is started after a stop was asked for or a case failed.
 */
final class CaseQueue {

  private static final long UNIT_BYTES = 1 << 20;

  private final StepContext context;
  private final long memoryBytes;

  /** Work on one case. */
  @FunctionalInterface
  interface Work<T, R> {
    R on(T item) throws IOException;
  }

  CaseQueue(StepContext context, long memoryBytes) {
    this.context = context;
    this.memoryBytes = memoryBytes;
  }

  /**
   * Does the work on every item.
   *
   * @param task the unit of progress
   * @param bytes memory an item takes, at most the budget
   * @return the results in the items' order
   */
  <T, R> List<R> run(String task, List<T> items, ToLongFunction<T> bytes, Work<T, R> work)
      throws IOException {
    int units = (int) Math.min(Integer.MAX_VALUE, memoryBytes / UNIT_BYTES);
    Semaphore memory = new Semaphore(units);
    int threads = context.resources().threads();
    Semaphore idle = new Semaphore(threads);
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    Progress progress = new Progress(context, task, items.size());
    List<Future<R>> results = new ArrayList<>();
    try {
      for (T item : items) {
        int share = (int) Math.min(units, bytes.applyAsLong(item) / UNIT_BYTES + 1);
        idle.acquire();
        memory.acquire(share);
        if (context.stop().requested() || progress.failed()) {
          break;
        }
        Runnable release =
            () -> {
              memory.release(share);
              idle.release();
            };
        results.add(pool.submit(() -> one(item, work, progress, release)));
      }
      List<R> done = collect(results);
      if (done.size() < items.size()) {
        throw new StepStoppedException(
            "stopped on request after %d of %d %s; finished ones are kept"
                .formatted(done.size(), items.size(), task));
      }
      return done;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StepStoppedException("interrupted while preparing " + task, e);
    } finally {
      pool.shutdown();
    }
  }

  private static <T, R> R one(T item, Work<T, R> work, Progress progress, Runnable release)
      throws IOException {
    try {
      R result = work.on(item);
      progress.one();
      return result;
    } catch (IOException | RuntimeException | Error e) {
      progress.fail();
      throw e;
    } finally {
      release.run();
    }
  }

  /** Tells a sentence from any thread. */
  void note(String sentence) {
    synchronized (context) {
      context.listener().note(sentence);
    }
  }

  /** Waits for all, then throws the first failure, so that no thread writes afterwards. */
  private static <R> List<R> collect(List<Future<R>> results)
      throws IOException, InterruptedException {
    List<R> done = new ArrayList<>();
    Throwable failure = null;
    for (Future<R> result : results) {
      try {
        done.add(result.get());
      } catch (ExecutionException e) {
        failure = failure == null ? e.getCause() : failure;
      }
    }
    if (failure instanceof IOException io) {
      throw io;
    }
    if (failure instanceof RuntimeException runtime) {
      throw runtime;
    }
    if (failure != null) {
      throw new IllegalStateException(failure);
    }
    return done;
  }

  /** Counts from many threads, tells from one at a time. */
  private static final class Progress {

    private final StepContext context;
    private final String task;
    private final int total;
    private int done;
    private volatile boolean failed;

    Progress(StepContext context, String task, int total) {
      this.context = context;
      this.task = task;
      this.total = total;
    }

    void one() {
      synchronized (context) {
        context.listener().progress(task, ++done, total);
      }
    }

    void fail() {
      failed = true;
    }

    boolean failed() {
      return failed;
    }
  }
}
