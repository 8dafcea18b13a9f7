package org.voxbench.workflows.routes;

import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteConfigurationBuilder;
import org.apache.camel.model.RouteConfigurationDefinition;
import org.voxbench.steps.StepStoppedException;
import org.voxbench.steps.TransientStepException;
import org.voxbench.workflows.run.ParkedException;
import org.voxbench.workflows.run.RunLifecycle;

/**
 * The one failure policy: transient failures are tried again with growing, slightly random pauses,
 * a stop is recorded as a stop, a run whose workers die again and again is parked, everything else
 * fails the run at once.
 */
public final class FailureRoutes extends RouteConfigurationBuilder {

  private static final int JITTER_PERCENT = 20;
  private static final long LONGEST_PAUSE_MILLIS = 300_000;

  private final RunLifecycle lifecycle;
  private final Retries retries;

  /**
   * How often and when a transient failure is tried again.
   *
   * @param count attempts after the first
   * @param firstPauseMillis pause before the second attempt; doubles each time
   */
  public record Retries(int count, long firstPauseMillis) {}

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
        .maximumRedeliveries(retries.count())
        .redeliveryDelay(retries.firstPauseMillis())
        .useExponentialBackOff()
        .backOffMultiplier(2)
        .useCollisionAvoidance()
        .collisionAvoidancePercent(JITTER_PERCENT)
        .maximumRedeliveryDelay(LONGEST_PAUSE_MILLIS)
        .onRedelivery(exchange -> lifecycle.again(StepRoutes.id(exchange), cause(exchange)))
        .handled(true)
        .logExhausted(false)
        .process(exchange -> lifecycle.fail(StepRoutes.id(exchange), cause(exchange)));
    everyRoute
        .onException(Throwable.class)
        .handled(true)
        .logExhausted(false)
        .process(exchange -> lifecycle.fail(StepRoutes.id(exchange), cause(exchange)));
  }

  private static Throwable cause(Exchange exchange) {
    return exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
  }
}
