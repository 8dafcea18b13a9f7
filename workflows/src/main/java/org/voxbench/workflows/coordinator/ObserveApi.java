package org.voxbench.workflows.coordinator;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.voxbench.workflows.Json;
import org.voxbench.workflows.observe.Health;
import org.voxbench.workflows.observe.Metrics;

/** What Prometheus and whoever restarts processes ask a coordinator. */
final class ObserveApi {

  private static final Health.Verdict STARTING =
      new Health.Verdict(
          "DOWN", List.of(new Health.Check("coordinator", "DOWN", "it is about to start")));

  private @Nullable Metrics metrics;
  private @Nullable Health health;

  /** There is something to ask from now on. */
  synchronized void begin(Metrics newMetrics, Health newHealth) {
    metrics = newMetrics;
    health = newHealth;
  }

  void mount(RoutesConfig routes) {
    routes
        .get("/metrics", this::metrics)
        .get("/health/live", context -> answer(context, Health::live))
        .get("/health/ready", context -> answer(context, Health::ready));
  }

  private synchronized void metrics(Context context) {
    context.contentType(Metrics.CONTENT_TYPE).result(metrics == null ? "" : metrics.text());
  }

  private synchronized void answer(Context context, Function<Health, Health.Verdict> question)
      throws JsonProcessingException {
    Health.Verdict verdict = health == null ? STARTING : question.apply(health);
    context.status(verdict.up() ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE);
    context.contentType("application/json").result(Json.MAPPER.writeValueAsBytes(verdict));
  }
}
