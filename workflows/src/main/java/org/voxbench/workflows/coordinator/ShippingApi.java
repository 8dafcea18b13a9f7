package org.voxbench.workflows.coordinator;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.voxbench.tracking.server.TrackingApi;
import org.voxbench.workflows.Json;

/** How other commands have runs told to tracking servers, and the embedded one cleared up. */
public final class ShippingApi {

  private final Application application;
  private final TrackingApi tracking;

  ShippingApi(Application application, TrackingApi tracking) {
    this.application = application;
    this.tracking = tracking;
  }

  /** Runs to be told at once, whatever was wrong before. */
  public record Ship(List<String> runs) {}

  /** What was deleted so long ago is to go for good. */
  public record Clear(Duration olderThan, boolean dryRun) {}

  void mount(RoutesConfig routes) {
    routes.post("/api/tracking/ship", this::ship).post("/api/tracking/gc", this::clear);
  }

  private void ship(Context context) throws IOException {
    Ship asked = Json.MAPPER.readValue(context.bodyAsBytes(), Ship.class);
    application.shipper().tellNow(asked.runs());
    answer(context, Map.of());
  }

  private void clear(Context context) throws IOException {
    Clear asked = Json.MAPPER.readValue(context.bodyAsBytes(), Clear.class);
    answer(context, tracking.collect(asked.olderThan(), asked.dryRun()));
  }

  private static void answer(Context context, Object answer) throws IOException {
    context.status(HttpStatus.ACCEPTED).contentType("application/json");
    context.result(Json.MAPPER.writeValueAsBytes(answer));
  }
}
