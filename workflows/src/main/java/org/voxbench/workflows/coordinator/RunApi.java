package org.voxbench.workflows.coordinator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.voxbench.workflows.Json;
import org.voxbench.workflows.config.ConfigurationException;
import org.voxbench.workflows.config.Experiment;
import org.voxbench.workflows.config.ExperimentFile;
import org.voxbench.workflows.run.Stops;

/** How other commands reach the coordinator that holds the home folder. */
final class RunApi {

  private final Application application;

  RunApi(Application application) {
    this.application = application;
  }

  /**
   * An experiment, resolved where it was asked for.
   *
   * @param file its YAML file on this machine, absolute
   * @param experiment the whole configuration as {@code Experiment.tree()} gives it
   */
  record Submission(
      Path file,
      JsonNode experiment,
      int priority,
      @Nullable String sweep,
      @Nullable String cell) {}

  void mount(RoutesConfig routes) {
    routes
        .post("/api/runs", this::submit)
        .post("/api/runs/{id}/resume", this::resume)
        .post("/api/runs/{id}/pause", context -> stop(context, Stops.Why.PAUSE))
        .post("/api/runs/{id}/cancel", context -> stop(context, Stops.Why.CANCEL))
        .get("/api/coordinator/runs", this::list)
        .get("/api/coordinator/status", this::status);
  }

  private void submit(Context context) throws IOException {
    Submission submission = Json.MAPPER.readValue(context.bodyAsBytes(), Submission.class);
    try {
      ExperimentFile reader = new ExperimentFile(Steps.all(Path.of("")).requestTypes());
      Experiment experiment = reader.restore(submission.file().toString(), submission.experiment());
      Order order =
          new Order(
              experiment,
              submission.file(),
              submission.priority(),
              submission.sweep(),
              submission.cell());
      String id = application.submit(order);
      application.enqueue(id);
      accepted(context, id);
    } catch (ConfigurationException | IllegalArgumentException e) {
      refused(context, e);
    }
  }

  private void resume(Context context) throws IOException {
    try {
      String id = application.resume(context.pathParam("id"));
      application.enqueue(id);
      accepted(context, id);
    } catch (IllegalArgumentException e) {
      refused(context, e);
    }
  }

  private void stop(Context context, Stops.Why why) throws IOException {
    try {
      accepted(context, application.stop(context.pathParam("id"), why));
    } catch (IllegalArgumentException e) {
      refused(context, e);
    }
  }

  private void list(Context context) throws JsonProcessingException {
    RunListing.Query query = RunListing.Query.of(context.queryParamMap());
    json(context, application.journal().runs().list(query.filter(), query.sort(), query.limit()));
  }

  private void status(Context context) throws JsonProcessingException {
    json(
        context,
        new RunListing.Status(application.journal().runs().counts(), application.slots().table()));
  }

  private static void json(Context context, Object answer) throws JsonProcessingException {
    context.contentType("application/json").result(Json.MAPPER.writeValueAsBytes(answer));
  }

  private static void accepted(Context context, String id) throws JsonProcessingException {
    ObjectNode answer = Json.MAPPER.createObjectNode().put("run", id);
    context.status(HttpStatus.ACCEPTED).contentType("application/json");
    context.result(Json.MAPPER.writeValueAsBytes(answer));
  }

  private static void refused(Context context, RuntimeException why)
      throws JsonProcessingException {
    ObjectNode answer = Json.MAPPER.createObjectNode().put("message", why.getMessage());
    context.status(HttpStatus.BAD_REQUEST).contentType("application/json");
    context.result(Json.MAPPER.writeValueAsBytes(answer));
  }
}
