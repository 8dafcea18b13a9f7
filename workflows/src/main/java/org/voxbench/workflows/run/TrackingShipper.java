package org.voxbench.workflows.run;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.voxbench.tracking.Tracker;
import org.voxbench.tracking.TrackingException;
import org.voxbench.tracking.TrackingUnavailableException;
import org.voxbench.workflows.Home;
import org.voxbench.workflows.journal.Run;
import org.voxbench.workflows.journal.RunJournal;

/**
 * Ships runs to the tracking server on a thread of its own: a server that is slow or away delays
 * the telling and nothing else. What could not be told is told by the next coordinator.
 */
public final class TrackingShipper implements RunObserver, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(TrackingShipper.class);
  private static final long EVERY_MILLIS = 500;
  private static final long LAST_SECONDS = 30;

  private final RunJournal journal;
  private final Tracker tracker;
  private final TrackingFeed feed;
  private final Set<String> active = ConcurrentHashMap.newKeySet();
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread daemon = new Thread(work, "tracking");
            daemon.setDaemon(true);
            return daemon;
          });

  /** Begins to ship, first what an earlier coordinator could not. */
  public TrackingShipper(Home home, RunJournal journal, Tracker tracker) {
    this.journal = journal;
    this.tracker = tracker;
    this.feed = new TrackingFeed(home, journal, tracker);
    active.addAll(journal.shipments().behind());
    var unused =
        thread.scheduleWithFixedDelay(this::shipAll, 0, EVERY_MILLIS, TimeUnit.MILLISECONDS);
  }

  @Override
  public void changed(Run run) {
    active.add(run.id());
  }

  private void shipAll() {
    for (String id : List.copyOf(active)) {
      try {
        ship(id);
      } catch (TrackingUnavailableException e) {
        LOG.debug("not told yet: {}", e.getMessage());
        return;
      } catch (TrackingException | IOException | RuntimeException e) {
        LOG.warn("run {} cannot be told to the tracking server: {}", id, e.getMessage(), e);
        active.remove(id);
      }
    }
  }

  private void ship(String id) throws TrackingException, IOException {
    Run run = journal.find(id).orElseThrow();
    feed.tell(run);
    if (run.state().ended()) {
      active.remove(id);
      // It may have been queued again in between.
      journal.find(id).filter(now -> !now.state().ended()).ifPresent(this::changed);
    }
  }

  /** Ships what is left, for a limited time, and ends. */
  @Override
  public void close() {
    thread.execute(this::shipAll);
    thread.shutdown();
    try {
      if (!thread.awaitTermination(LAST_SECONDS, TimeUnit.SECONDS)) {
        LOG.warn("the tracking server did not take everything; the next command tells the rest");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    tracker.close();
  }
}
