package org.voxbench.workflows.routes;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteConfigurationBuilder;
import org.apache.camel.model.RouteConfigurationDefinition;
import org.voxbench.steps.StepStoppedException;
import org.voxbench.steps.TransientStepException;
import org.voxbench.workflows.config.Retries;
import org.voxbench.workflows.run.ParkedException;
import org.voxbench.workflows.run.RunLifecycle;

/**
 * The one failure policy: transient failures are tried again with growing, slightly random pauses,
 * a stop is recorded as a stop, a run whose workers die again and again is parked, everything else
 * fails the run at once.
 */
public final class FailureRoutes extends RouteConfigurationBuilder {

  private static final String ATTEMPTS = "voxbench.attempts";
  private static final String PAUSE = "voxbench.pause";

  private final RunLifecycle lifecycle;
  private final Retries retries;

  /**
   * @param retries of runs whose experiment says nothing about them
   */
  public FailureRoutes(RunLifecycle lifecycle, Retries retries) {
    this.lifecycle = lifecycle;
    this.retries = retries;
  }

  @Override
  public void configuration() {
    // Without an id it holds for every route.
    RouteConfigurationDefinition everyRoute = routeConfiguration();
    everyRoute
        .onException(StepStoppedException.class)
        .handled(true)
        .logExhausted(false)
        .process(exchange -> lifecycle.stop(StepRoutes.id(exchange), cause(exchange)));
    everyRoute
        .onException(ParkedException.class)
        .handled(true)
        .logExhausted(false)
        .process(exchange -> lifecycle.park(StepRoutes.id(exchange), cause(exchange)));
    everyRoute
        .onException(TransientStepException.class)
        .retryWhile(this::again)
        // Camel's own delay cannot be cut short: whoever cancels a run would wait for its end.
        .redeliveryDelay(0)
        .onRedelivery(
            exchange ->
                lifecycle.backOff(StepRoutes.id(exchange), cause(exchange), pause(exchange)))
        .handled(true)
        .logExhausted(false)
        .process(
            exchange ->
                lifecycle.giveUp(StepRoutes.id(exchange), cause(exchange), attempts(exchange)));
    everyRoute
        .onException(Throwable.class)
        .handled(true)
        .logExhausted(false)
        .process(exchange -> lifecycle.fail(StepRoutes.id(exchange), cause(exchange)));
  }

  /** Whether a run's step is tried again, and after which pause. */
  private boolean again(Exchange exchange) {
    int retry = exchange.getMessage().getHeader(Exchange.REDELIVERY_COUNTER, 1, Integer.class);
    Retries told = lifecycle.retries(StepRoutes.id(exchange));
    Retries policy = told == null ? retries : told;
    exchange.setProperty(PAUSE, policy.pause(retry, ThreadLocalRandom.current().nextDouble()));
    exchange.setProperty(ATTEMPTS, retry);
    return retry <= policy.count();
  }

  private static Duration pause(Exchange exchange) {
    return exchange.getProperty(PAUSE, Duration.ZERO, Duration.class);
  }

  private static int attempts(Exchange exchange) {
    return exchange.getProperty(ATTEMPTS, 1, Integer.class);
  }

  private static Throwable cause(Exchange exchange) {
    return exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
  }
}
