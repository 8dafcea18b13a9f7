package org.voxbench.workflows.routes;

import java.util.Comparator;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.component.seda.PriorityBlockingQueueFactory;
import org.apache.camel.component.seda.SedaEndpoint;
import org.apache.camel.impl.DefaultCamelContext;
import org.voxbench.workflows.config.Retries;
import org.voxbench.workflows.run.RunLifecycle;
import org.voxbench.workflows.run.StepRunner;
import org.voxbench.workflows.sweep.SweepWork;

/** The running routes: one Camel context with the chain of steps and its failure policy. */
public final class Routes implements AutoCloseable {

  private static final int STOP_SECONDS = 300;

  private final CamelContext camel;
  private final ProducerTemplate template;
  private final AtomicLong number = new AtomicLong();

  /** Runs that wait in the queue or are being worked on. */
  private final Set<String> known;

  private final Map<String, CountDownLatch> sweeps = new ConcurrentHashMap<>();
  private final SweepRoutes sweepRoutes;

  private Routes(CamelContext camel, Set<String> known, SweepRoutes sweepRoutes) {
    this.camel = camel;
    this.sweepRoutes = sweepRoutes;
    this.template = camel.createProducerTemplate();
    this.known = known;
  }

  /**
   * Builds and starts all routes.
   *
   * @param workers how many queued runs are worked on at a time, at least 1
   * @param sweeps decides what is to be done for the cells of sweeps
   */
  public static Routes start(
      StepRunner runner, RunLifecycle lifecycle, Retries retries, int workers, SweepWork sweeps) {
    return start(runner, lifecycle, retries, workers, sweeps, camel -> {});
  }

  /**
   * The same.
   *
   * @param watcher shown the context before it has any route
   */
  public static Routes start(
      StepRunner runner,
      RunLifecycle lifecycle,
      Retries retries,
      int workers,
      SweepWork sweeps,
      Consumer<CamelContext> watcher) {
    CamelContext camel = new DefaultCamelContext();
    // Jobs of the schedules name it: it has to be the same after a restart.
    camel.getCamelContextExtension().setName("voxbench");
    watcher.accept(camel);
    Set<String> known = ConcurrentHashMap.newKeySet();
    SweepRoutes sweepRoutes = new SweepRoutes(sweeps);
    try {
      camel.getShutdownStrategy().setTimeout(STOP_SECONDS);
      camel.getRegistry().bind(StepRoutes.BY_PRIORITY, byPriority());
      camel.addRoutesConfigurations(new FailureRoutes(lifecycle, retries));
      StepRoutes steps = new StepRoutes(runner, lifecycle, workers, known::remove);
      camel.addRoutes(steps);
      steps.addSteps(camel);
      camel.addRoutes(sweepRoutes);
      camel.start();
    } catch (Exception e) {
      throw new IllegalStateException("the routes do not start: " + e.getMessage(), e);
    }
    return new Routes(camel, known, sweepRoutes);
  }

  private static PriorityBlockingQueueFactory<Exchange> byPriority() {
    PriorityBlockingQueueFactory<Exchange> factory = new PriorityBlockingQueueFactory<>();
    factory.setComparator(
        Comparator.comparing(
                (Exchange e) -> e.getMessage().getHeader(StepRoutes.PRIORITY, 0, Integer.class))
            .reversed()
            .thenComparing(e -> e.getMessage().getHeader(StepRoutes.NUMBER, 0L, Long.class)));
    return factory;
  }

  /** The context, for what is routed beside the steps. */
  public CamelContext camel() {
    return camel;
  }

  /** How many runs wait in the queue. */
  public int waiting() {
    return camel.getEndpoint(StepRoutes.QUEUE, SedaEndpoint.class).getCurrentQueueSize();
  }

  /** Sends a run through all steps; returns when it has ended, however it did. */
  public void work(String run) {
    if (known.add(run)) {
      template.sendBody(StepRoutes.RUN, run);
    }
  }

  /** Leaves a run in the queue, unless it is there; the highest priority is taken first. */
  public void enqueue(String run, int priority) {
    if (known.add(run)) {
      template.send(
          StepRoutes.QUEUE,
          exchange -> {
            exchange.getMessage().setBody(run);
            exchange.getMessage().setHeader(StepRoutes.PRIORITY, priority);
            exchange.getMessage().setHeader(StepRoutes.NUMBER, number.incrementAndGet());
          });
    }
  }

  /** Works on a sweep until it has ended or was interrupted; once at a time. */
  public void sweep(String id) {
    CountDownLatch done = new CountDownLatch(1);
    CountDownLatch other = sweeps.putIfAbsent(id, done);
    try {
      if (other != null) {
        other.await();
        return;
      }
      sweepRoutes.work(camel, id);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      throw new IllegalStateException("sweep " + id + ": " + e.getMessage(), e);
    } finally {
      if (other == null) {
        sweeps.remove(id);
        done.countDown();
      }
    }
  }

  /** Begins to work on a sweep and returns. */
  public void begin(String sweep) {
    Thread thread = new Thread(() -> sweep(sweep), "sweep-" + sweep);
    thread.setDaemon(true);
    thread.start();
  }

  /** Waits for what is under way, then stops. */
  @Override
  public void close() {
    template.stop();
    camel.stop();
  }
}
