package org.voxbench.workflows.coordinator;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import org.voxbench.workflows.Json;

/**
 * How other commands have the home folder kept in order. Archives are sent, so that no file is
 * written where a caller says.
 */
final class KeepApi {

  private final Keeper keeper;

  KeepApi(Keeper keeper) {
    this.keeper = keeper;
  }

  void mount(RoutesConfig routes) {
    routes
        .post("/api/gc", this::clear)
        .post("/api/backup", context -> send(context, keeper::backup))
        .post(
            "/api/runs/{id}/export",
            context -> send(context, out -> keeper.export(context.pathParam("id"), out)))
        .post("/api/runs/{id}/pin", context -> done(context, id -> keeper.pin(id, true)))
        .post("/api/runs/{id}/unpin", context -> done(context, id -> keeper.pin(id, false)))
        .post("/api/runs/{id}/found", context -> done(context, keeper::found));
  }

  private interface Archive {
    void writeTo(OutputStream out) throws IOException;
  }

  private interface Change {
    void of(String run) throws IOException;
  }

  private void clear(Context context) throws IOException {
    String days = context.queryParam("days");
    answer(context, HttpStatus.ACCEPTED, keeper.clear(days == null ? null : Integer.valueOf(days)));
  }

  private static void send(Context context, Archive archive) throws IOException {
    try {
      context.contentType("application/zip");
      archive.writeTo(context.outputStream());
    } catch (IllegalArgumentException e) {
      refused(context, e);
    }
  }

  private static void done(Context context, Change change) throws IOException {
    String id = context.pathParam("id");
    try {
      change.of(id);
      answer(context, HttpStatus.ACCEPTED, Map.of("run", id));
    } catch (IllegalArgumentException e) {
      refused(context, e);
    }
  }

  private static void refused(Context context, RuntimeException why) throws IOException {
    answer(context, HttpStatus.BAD_REQUEST, Map.of("message", String.valueOf(why.getMessage())));
  }

  private static void answer(Context context, HttpStatus status, Object answer) throws IOException {
    context.status(status).contentType("application/json");
    context.result(Json.MAPPER.writeValueAsBytes(answer));
  }
}
