package org.voxbench.tracking;

import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.mlflow.tracking.MlflowClient;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes every call of the MLflow client on one thread and waits for it no longer than a deadline.
 * The client itself has no timeout, so a client that overran is abandoned with its thread and
 * replaced. After a failure calls fail at once for a pause, so that an outage costs its callers one
 * wait per pause and not one per call.
 */
final class Shipper implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Shipper.class);

  private final Supplier<MlflowClient> clients;
  private final Duration deadline;
  private final Duration pause;
  private final LongSupplier nanoTime;

  private @Nullable ShippingLane lane;
  private long pausedAt;
  private @Nullable String outage;
  private int failures;
  private boolean closed;

  Shipper(
      Supplier<MlflowClient> clients, Duration deadline, Duration pause, LongSupplier nanoTime) {
    this.clients = clients;
    this.deadline = deadline;
    this.pause = pause;
    this.nanoTime = nanoTime;
  }

  /**
   * Makes one call.
   *
   * @param what for messages, such as "logging 12 metrics"
   */
  <T> T call(String what, Function<MlflowClient, T> work) throws TrackingException {
    ShippingLane used = lane(what);
    long completedBefore = used.completed();
    AtomicBoolean started = new AtomicBoolean();
    Future<T> answer;
    try {
      answer =
          used.submit(
              client -> {
                started.set(true);
                return work.apply(client);
              });
    } catch (RejectedExecutionException abandonedMeanwhile) {
      throw new TrackingUnavailableException(what + ": the client was just given up");
    }
    try {
      T result = answer.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
      available();
      return result;
    } catch (TimeoutException overrun) {
      answer.cancel(false);
      String message = what + ": no answer within " + deadline.toMillis() + " ms";
      // A call that only queued gives the lane up if nothing before it came to an end meanwhile.
      if (started.get() || used.completed() == completedBefore) {
        unavailable(used, message);
      }
      throw new TrackingUnavailableException(message, overrun);
    } catch (CancellationException abandoned) {
      throw new TrackingUnavailableException(what + ": given up with a call before it", abandoned);
    } catch (InterruptedException interrupted) {
      answer.cancel(false);
      Thread.currentThread().interrupt();
      throw new TrackingUnavailableException(what + ": interrupted", interrupted);
    } catch (ExecutionException failed) {
      throw failure(what, used, failed);
    }
  }

  private TrackingException failure(String what, ShippingLane used, ExecutionException failed) {
    Throwable cause = failed.getCause() == null ? failed : failed.getCause();
    TrackingException failure = Failures.of(what, cause);
    if (failure instanceof TrackingUnavailableException) {
      unavailable(used, String.valueOf(failure.getMessage()));
    } else {
      available();
    }
    return failure;
  }

  /** Refuses at once while the pause after a failure lasts, with the words of that failure. */
  synchronized void checkNotPaused(String what) throws TrackingUnavailableException {
    if (closed) {
      throw new TrackingUnavailableException(what + ": the tracker is closed");
    }
    if (outage != null && nanoTime.getAsLong() - pausedAt < pause.toNanos()) {
      throw new TrackingUnavailableException(outage);
    }
  }

  /** What was wrong may be mended: the next call is tried. */
  synchronized void endPause() {
    outage = null;
  }

  private synchronized ShippingLane lane(String what) throws TrackingUnavailableException {
    checkNotPaused(what);
    if (lane == null) {
      lane = new ShippingLane(clients.get());
    }
    return lane;
  }

  synchronized void available() {
    if (failures > 1) {
      LOG.info("the tracking server answers again");
    }
    failures = 0;
    outage = null;
  }

  /**
   * Begins a pause and gives up the client of the failed call: its pool may hold dead connections.
   */
  synchronized void unavailable(@Nullable ShippingLane failed, String why) {
    // A connection that the server closed while it was idle fails once and means nothing.
    if (failures++ == 1) {
      LOG.warn("tracking is interrupted, nothing is lost: {}", why);
    } else {
      LOG.debug("tracking is interrupted, nothing is lost: {}", why);
    }
    outage = why;
    pausedAt = nanoTime.getAsLong();
    if (failed != null) {
      if (failed == lane) {
        lane = null;
      }
      failed.abandon();
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (lane != null) {
      lane.abandon();
      lane = null;
    }
  }
}
