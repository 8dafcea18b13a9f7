package org.voxbench.workflows.coordinator;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import java.io.IOException;
import java.util.Map;
import org.voxbench.workflows.Json;

/** How other commands hand sweeps to the coordinator; their folders are written before. */
final class SweepApi {

  private final Application application;

  SweepApi(Application application) {
    this.application = application;
  }

  void mount(RoutesConfig routes) {
    routes
        .post("/api/sweeps/{id}/begin", this::begin)
        .post("/api/sweeps/{id}/cancel", this::cancel)
        .post("/api/schedules/sync", this::sync)
        .post("/api/schedules/{name}/trigger", this::trigger);
  }

  private void begin(Context context) throws JsonProcessingException {
    String id = context.pathParam("id");
    application.beginSweep(id);
    answer(context, HttpStatus.ACCEPTED, Map.of("sweep", id));
  }

  private void cancel(Context context) throws IOException {
    String id = context.pathParam("id");
    try {
      application.cancelSweep(id);
      answer(context, HttpStatus.ACCEPTED, Map.of("sweep", id));
    } catch (IllegalArgumentException e) {
      answer(context, HttpStatus.BAD_REQUEST, Map.of("message", String.valueOf(e.getMessage())));
    }
  }

  private void sync(Context context) throws JsonProcessingException {
    application.schedules().sync();
    answer(context, HttpStatus.ACCEPTED, Map.of());
  }

  private void trigger(Context context) throws IOException {
    try {
      String sweep = application.schedules().trigger(context.pathParam("name")).orElse("");
      answer(context, HttpStatus.ACCEPTED, Map.of("sweep", sweep));
    } catch (IllegalArgumentException e) {
      answer(context, HttpStatus.BAD_REQUEST, Map.of("message", String.valueOf(e.getMessage())));
    }
  }

  private static void answer(Context context, HttpStatus status, Map<String, String> answer)
      throws JsonProcessingException {
    context.status(status).contentType("application/json");
    context.result(Json.MAPPER.writeValueAsBytes(answer));
  }
}
