package org.voxbench.workflows.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import java.io.IOException;
import java.nio.file.Path;
import org.voxbench.workflows.Json;
import org.voxbench.workflows.config.ConfigurationException;
import org.voxbench.workflows.config.Experiment;
import org.voxbench.workflows.config.ExperimentFile;

/** How other commands hand their runs to the coordinator that holds the home folder. */
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
  record Submission(Path file, JsonNode experiment) {}

  void mount(RoutesConfig routes) {
    routes.post("/api/runs", this::submit).post("/api/runs/{id}/resume", this::resume);
  }

  private void submit(Context context) throws IOException {
    Submission submission = Json.MAPPER.readValue(context.bodyAsBytes(), Submission.class);
    try {
      ExperimentFile reader = new ExperimentFile(Steps.all(Path.of("")).requestTypes());
      Experiment experiment = reader.restore(submission.file().toString(), submission.experiment());
      accepted(context, application.submit(experiment, submission.file()));
    } catch (ConfigurationException e) {
      refused(context, e);
    }
  }

  private void resume(Context context) throws IOException {
    try {
      accepted(context, application.resume(context.pathParam("id")));
    } catch (IllegalArgumentException e) {
      refused(context, e);
    }
  }

  private void accepted(Context context, String id) throws JsonProcessingException {
    application.enqueue(id);
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
