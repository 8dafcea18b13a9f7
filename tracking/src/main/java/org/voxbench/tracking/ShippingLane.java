package org.voxbench.tracking;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.mlflow.tracking.MlflowClient;

/** One client and the one thread that may call it. */
final class ShippingLane {

  private final MlflowClient client;
  private final ExecutorService worker =
      Executors.newSingleThreadExecutor(task -> daemon("tracking-shipper", task));

  private final AtomicLong completed = new AtomicLong();

  ShippingLane(MlflowClient client) {
    this.client = client;
  }

  private static Thread daemon(String name, Runnable task) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }

  <T> Future<T> submit(Function<MlflowClient, T> work) {
    return worker.submit(
        () -> {
          try {
            return work.apply(client);
          } finally {
            completed.incrementAndGet();
          }
        });
  }

  /** Calls that have ended, whether well or not. */
  long completed() {
    return completed.get();
  }

  /**
   * Cancels what waits and cuts the client's connections, which ends a call that hangs on one. On a
   * thread of its own, as closing a TLS connection may itself wait for the other side.
   */
  void abandon() {
    for (Runnable waiting : worker.shutdownNow()) {
      ((Future<?>) waiting).cancel(false);
    }
    daemon("tracking-abandon", client::close).start();
  }
}
