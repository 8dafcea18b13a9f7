package org.voxbench.workflows.routes;

import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.impl.DefaultCamelContext;
import org.voxbench.workflows.routes.FailureRoutes.Retries;
import org.voxbench.workflows.run.RunLifecycle;
import org.voxbench.workflows.run.StepRunner;

/** The running routes: one Camel context with the chain of steps and its failure policy. */
public final class Routes implements AutoCloseable {

  private static final int SLOTS = 1;
  private static final int STOP_SECONDS = 300;

  private final CamelContext camel;
  private final ProducerTemplate template;

  private Routes(CamelContext camel) {
    this.camel = camel;
    this.template = camel.createProducerTemplate();
  }

  /** Builds and starts all routes. */
  public static Routes start(StepRunner runner, RunLifecycle lifecycle, Retries retries) {
    CamelContext camel = new DefaultCamelContext();
    try {
      camel.getShutdownStrategy().setTimeout(STOP_SECONDS);
      camel.addRoutesConfigurations(new FailureRoutes(lifecycle, retries));
      camel.addRoutes(new StepRoutes(runner, lifecycle, SLOTS));
      camel.start();
    } catch (Exception e) {
      throw new IllegalStateException("the routes do not start: " + e.getMessage(), e);
    }
    return new Routes(camel);
  }

  /** Sends a run through all steps; returns when it has ended, however it did. */
  public void work(String run) {
    template.sendBody(StepRoutes.RUN, run);
  }

  /** Leaves a run in the queue. */
  public void enqueue(String run) {
    template.sendBody(StepRoutes.QUEUE, run);
  }

  /** Waits for what is under way, then stops. */
  @Override
  public void close() {
    template.stop();
    camel.stop();
  }
}
