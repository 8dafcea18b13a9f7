package org.voxbench.workflows.routes;

import org.apache.camel.Exchange;
import org.apache.camel.LoggingLevel;
import org.apache.camel.builder.RouteConfigurationBuilder;
import org.voxbench.steps.StepStoppedException;
import org.voxbench.steps.TransientStepException;
import org.voxbench.workflows.run.RunLifecycle;

/**
 * The one failure policy: transient failures are tried again with growing pauses, a stop is
 * recorded as a stop, everything else fails the run at once.
 */
public final class FailureRoutes extends RouteConfigurationBuilder {

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
    routeConfiguration("failures")
        .onException(StepStoppedException.class)
        .handled(true)
        .logExhausted(false)
        .process(exchange -> lifecycle.stop(StepRoutes.id(exchange), cause(exchange)))
        .end();
    routeConfiguration("retries")
        .onException(TransientStepException.class)
        .maximumRedeliveries(retries.count())
        .redeliveryDelay(retries.firstPauseMillis())
        .useExponentialBackOff()
        .backOffMultiplier(2)
        .retryAttemptedLogLevel(LoggingLevel.INFO)
        .logExhausted(false)
        .onRedelivery(exchange -> lifecycle.again(StepRoutes.id(exchange), cause(exchange)))
        .handled(true)
        .process(exchange -> lifecycle.fail(StepRoutes.id(exchange), cause(exchange)))
        .end();
    routeConfiguration("everything-else")
        .onException(Throwable.class)
        .handled(true)
        .logExhausted(false)
        .process(exchange -> lifecycle.fail(StepRoutes.id(exchange), cause(exchange)))
        .end();
  }

  private static Throwable cause(Exchange exchange) {
    return exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
  }
}
