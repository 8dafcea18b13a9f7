package org.voxbench.workflows.routes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.builder.TemplatedRouteBuilder;
import org.voxbench.workflows.sweep.SweepRun;
import org.voxbench.workflows.sweep.SweepWork;

/**
 * Sweeps: one route per sweep, made from one template and taken away at its end. It splits the
 * sweep into cells, sends the run of each through the queue, and gathers what became of them.
 */
public final class SweepRoutes extends RouteBuilder {

  private static final String TEMPLATE = "sweep";
  private static final String SWEEP = "voxbench.sweep";
  private static final String WAITING_QUEUE =
      StepRoutes.QUEUE + "&waitForTaskToComplete=Always&timeout=0";

  private final SweepWork work;

  public SweepRoutes(SweepWork work) {
    this.work = work;
  }

  @Override
  public void configure() {
    routeTemplate(TEMPLATE)
        .templateParameter("sweep")
        .templateParameter("pool")
        .from("direct:sweep-{{sweep}}")
        .setHeader(SWEEP, simple("{{sweep}}"))
        .process(e -> e.getMessage().setBody(work.cells(sweep(e))))
        .split(body(), SweepRoutes::gathered)
        .parallelProcessing()
        .executorService("{{pool}}")
        .process(this::begin)
        .filter(body().isNotNull())
        .process(this::queue)
        .end()
        .end()
        .process(e -> work.finish(sweep(e)));
  }

  /** Has a sweep worked on; returns when it has ended or was interrupted. */
  void work(CamelContext camel, String id) throws Exception {
    SweepRun sweep = work.find(id);
    int threads = Math.max(1, Math.min(sweep.order().concurrency(), sweep.cells().size()));
    String pool = "pool-" + id;
    ExecutorService executor =
        camel.getExecutorServiceManager().newFixedThreadPool(this, "sweep-" + id, threads);
    camel.getRegistry().bind(pool, executor);
    String route =
        TemplatedRouteBuilder.builder(camel, TEMPLATE)
            .routeId("sweep-" + id)
            .parameter("sweep", id)
            .parameter("pool", pool)
            .add();
    try (var template = camel.createProducerTemplate()) {
      template.sendBody("direct:sweep-" + id, id);
    } finally {
      if (!camel.isStopping() && !camel.isStopped()) {
        camel.getRouteController().stopRoute(route);
        camel.removeRoute(route);
      }
      camel.getExecutorServiceManager().shutdownNow(executor);
      camel.getRegistry().unbind(pool);
    }
  }

  private void begin(Exchange exchange) throws Exception {
    String id = sweep(exchange);
    int number = exchange.getMessage().getBody(Integer.class);
    Optional<String> run = work.begin(id, number);
    exchange.getMessage().setBody(run.orElse(null));
    exchange.getMessage().setHeader(StepRoutes.PRIORITY, work.find(id).order().priority());
    exchange.getMessage().setHeader(StepRoutes.NUMBER, (long) number);
  }

  /** Sends a run through the queue and waits; how it ended is for the journal to say. */
  private void queue(Exchange exchange) {
    try (ProducerTemplate template = exchange.getContext().createProducerTemplate()) {
      var unused =
          template.send(
              WAITING_QUEUE,
              ExchangePattern.InOut,
              run -> {
                run.getMessage().setBody(exchange.getMessage().getBody());
                run.getMessage().setHeaders(exchange.getMessage().getHeaders());
              });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Exchange gathered(Exchange all, Exchange cell) {
    List<Object> ended = new ArrayList<>();
    if (all != null) {
      ended.addAll((List<?>) all.getMessage().getBody());
    }
    ended.add(cell.getMessage().getBody());
    cell.getMessage().setBody(ended);
    return cell;
  }

  private static String sweep(Exchange exchange) {
    return exchange.getMessage().getHeader(SWEEP, String.class);
  }
}
