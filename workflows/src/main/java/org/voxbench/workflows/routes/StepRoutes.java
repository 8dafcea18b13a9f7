package org.voxbench.workflows.routes;

import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.builder.TemplatedRouteBuilder;
import org.voxbench.steps.StepName;
import org.voxbench.workflows.run.RunLifecycle;
import org.voxbench.workflows.run.StepRunner;

/**
 * The chain: queued runs are taken one after another; each passes through six routes made from one
 * template. The body of every exchange is the id of a run.
 */
public final class StepRoutes extends RouteBuilder {

  /** Where runs wait for their turn. */
  public static final String QUEUE = "seda:runs?queueSize=10000";

  /** One run from its first step to its end; the caller waits. */
  public static final String RUN = "direct:run";

  static final String TEMPLATE = "step";

  private final StepRunner runner;
  private final RunLifecycle lifecycle;
  private final int slots;

  /**
   * @param runner does the steps
   * @param lifecycle told of beginning and end
   * @param slots how many queued runs are worked on at a time, at least 1
   */
  public StepRoutes(StepRunner runner, RunLifecycle lifecycle, int slots) {
    this.runner = runner;
    this.lifecycle = lifecycle;
    this.slots = slots;
  }

  @Override
  public void configure() {
    routeTemplate(TEMPLATE)
        .templateParameter("step")
        .templateParameter("next")
        .from("direct:{{step}}")
        .process("{{step}}")
        .to("direct:{{next}}");
    from(QUEUE + "&concurrentConsumers=" + slots).routeId("queue").to(RUN);
    from(RUN)
        .routeId("run")
        .process(exchange -> lifecycle.begin(id(exchange)))
        .to("direct:" + StepName.DOWNLOAD.key());
    from("direct:finished")
        .routeId("finished")
        .process(exchange -> lifecycle.succeed(id(exchange)));
    for (StepName step : StepName.values()) {
      getContext().getRegistry().bind(step.key(), new StepProcessor(runner, step));
      TemplatedRouteBuilder.builder(getContext(), TEMPLATE)
          .routeId(step.key())
          .parameter("step", step.key())
          .parameter("next", step.next().map(StepName::key).orElse("finished"))
          .add();
    }
  }

  static String id(Exchange exchange) {
    return exchange.getMessage().getBody(String.class);
  }
}
