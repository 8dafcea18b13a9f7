package org.voxbench.workflows.run;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.voxbench.steps.StepName;
import org.voxbench.workflows.journal.Run;

/** Tells many observers; a fault of one is logged and hurts neither the run nor the others. */
public final class RunObservers implements RunObserver {

  private static final Logger LOG = LoggerFactory.getLogger(RunObservers.class);

  private final List<RunObserver> observers = new CopyOnWriteArrayList<>();

  /** Adds one more. */
  public void add(RunObserver observer) {
    observers.add(observer);
  }

  @Override
  public void changed(Run run) {
    each(observer -> observer.changed(run));
  }

  @Override
  public void told(String run, StepName step, Event event) {
    each(observer -> observer.told(run, step, event));
  }

  private void each(Consumer<RunObserver> telling) {
    for (RunObserver observer : observers) {
      try {
        telling.accept(observer);
      } catch (RuntimeException e) {
        LOG.warn("an observer failed; the run goes on", e);
      }
    }
  }
}
