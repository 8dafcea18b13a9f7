package org.voxbench.steps.volume;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.function.Supplier;

/** Spreads independent units of work over threads. */
final class Workers {

  private Workers() {}

  /**
   * Calls a worker once for each of 0 to {@code count - 1}.
   *
   * @param worker makes one worker, with its own work space, per thread
   */
  static void forEach(int count, int threads, Supplier<IntConsumer> worker) {
    int used = Math.max(1, Math.min(threads, count));
    AtomicInteger next = new AtomicInteger();
    Runnable loop =
        () -> {
          IntConsumer mine = worker.get();
          for (int unit = next.getAndIncrement(); unit < count; unit = next.getAndIncrement()) {
            mine.accept(unit);
          }
        };
    if (used == 1) {
      loop.run();
      return;
    }
    ExecutorService pool = Executors.newFixedThreadPool(used - 1);
    try {
      List<Future<?>> others = new ArrayList<>();
      for (int thread = 1; thread < used; thread++) {
        others.add(pool.submit(loop));
      }
      loop.run();
      for (Future<?> other : others) {
        other.get();
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException("a worker failed: " + e.getCause(), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while resampling", e);
    } finally {
      pool.shutdownNow();
    }
  }
}
