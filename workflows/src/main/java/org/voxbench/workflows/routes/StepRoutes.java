package org.voxbench.workflows.routes;

import java.util.function.Consumer;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.builder.TemplatedRouteBuilder;
import org.voxbench.steps.StepName;
import org.voxbench.workflows.run.RunLifecycle;
import org.voxbench.workflows.run.StepRunner;

/**
 * The chain: queued runs are taken by priority; each passes through six routes made from one
 * template. The body of every exchange is the id of a run.
 */
public final class StepRoutes extends RouteBuilder {

  /** Where runs wait for their turn. */
  public static final String QUEUE = "seda:runs?queueFactory=#" + StepRoutes.BY_PRIORITY;

  /** One run from its first step to its end; the caller waits. */
  public static final String RUN = "direct:run";

  static final String TEMPLATE = "step";
  static final String BY_PRIORITY = "byPriority";
  static final String PRIORITY = "voxbench.priority";
  static final String NUMBER = "voxbench.number";

  private final StepRunner runner;
  private final RunLifecycle lifecycle;
  private final int workers;
  private final Consumer<String> left;

  /**
   * @param runner does the steps
   * @param lifecycle told of beginning and end
   * @param workers how many queued runs are worked on at a time, at least 1
   * @param left told the id of each run that is worked on no more
   */
  public StepRoutes(StepRunner runner, RunLifecycle lifecycle, int workers, Consumer<String> left) {
    this.runner = runner;
    this.lifecycle = lifecycle;
    this.workers = workers;
    this.left = left;
  }

  @Override
  public void configure() {
    routeTemplate(TEMPLATE)
        .templateParameter("step")
        .templateParameter("next")
        .from("direct:{{step}}")
        .process("{{step}}")
        .to("direct:{{next}}");
    from(QUEUE + "&concurrentConsumers=" + workers).routeId("queue").to(RUN);
    from(RUN)
        .routeId("run")
        .onCompletion()
        .modeBeforeConsumer()
        .process(exchange -> left.accept(id(exchange)))
        .end()
        .filter(exchange -> lifecycle.begin(id(exchange)))
        .to("direct:" + StepName.DOWNLOAD.key());
    from("direct:finished")
        .routeId("finished")
        .process(exchange -> lifecycle.succeed(id(exchange)));
  }

  /** Makes the route of each step; the template must be there. */
  void addSteps(CamelContext camel) throws Exception {
    for (StepName step : StepName.values()) {
      camel.getRegistry().bind(step.key(), new StepProcessor(runner, step));
      TemplatedRouteBuilder.builder(camel, TEMPLATE)
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
