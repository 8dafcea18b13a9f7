package org.voxbench.tracking.check;

import static org.voxbench.tracking.check.Conformance.expect;
import static org.voxbench.tracking.check.Conformance.expectRefusal;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.List;
import org.mlflow.tracking.MlflowClient;

/** Registered models, versions, aliases and logged models. */
final class ModelChecks {

  private static final String INVALID = "INVALID_PARAMETER_VALUE";

  private final MlflowClient client;
  private final ApiCaller api;
  private final String experiment;
  private final String model;

  ModelChecks(MlflowClient client, ApiCaller api, String experiment, String mark) {
    this.client = client;
    this.api = api;
    this.experiment = experiment;
    this.model = "conformance-" + mark;
  }

  void into(Conformance.Table table) {
    String run = client.createRun(experiment).getRunId();
    registered(table);
    versions(table, run);
    tags(table);
    sources(table, run);
    aliases(table);
    logged(table, run);
    table.check(
        "registry",
        "a deleted model is gone with its versions",
        () -> {
          api.json("DELETE", "registered-models/delete", "{\"name\":\"" + model + "\"}");
          expectRefusal(
              api.get("registered-models/get?name=" + model), 404, "RESOURCE_DOES_NOT_EXIST");
        });
  }

  private ApiCaller.Answer version(String source, String run) throws IOException {
    String body = "{\"name\":\"%s\",\"source\":\"%s\",\"run_id\":\"%s\"}";
    return api.post("model-versions/create", body.formatted(model, source, run));
  }

  private void registered(Conformance.Table table) {
    String named = "{\"name\":\"" + model + "\"}";
    table.check(
        "registry",
        "a model is made once",
        () -> {
          expect(api.post("registered-models/create", named).status() == 200, "a refusal");
          expectRefusal(
              api.post("registered-models/create", named), 400, "RESOURCE_ALREADY_EXISTS");
        });
  }

  private void versions(Conformance.Table table, String run) {
    table.check(
        "registry",
        "versions are numbered from 1 and READY",
        () -> {
          String root = client.getRun(run).getInfo().getArtifactUri();
          JsonNode first = version(root + "/model", run).json().path("model_version");
          version(root + "/model", run);
          expect(first.path("version").asText().equals("1"), first);
          expect(client.getModelVersion(model, "2").getStatus().name().equals("READY"), "another");
        });
    table.check(
        "registry",
        "the Java client reads models and versions",
        () -> {
          expect(client.getLatestVersions(model).size() == 1, client.getLatestVersions(model));
          expect(
              client.searchModelVersions("name='" + model + "'").getItems().size() == 2, "other");
          String uri = client.getModelVersionDownloadUri(model, "1");
          expect(uri.endsWith("/artifacts/model"), uri);
        });
  }

  private void tags(Conformance.Table table) {
    table.check(
        "registry",
        "tags of models and versions are read back",
        () -> {
          String tag = "{\"name\":\"%s\",\"version\":\"1\",\"key\":\"dice\",\"value\":\"0.9\"}";
          api.post("registered-models/set-tag", tag.formatted(model));
          api.post("model-versions/set-tag", tag.formatted(model));
          String shown = api.get("registered-models/get?name=" + model).body();
          expect(shown.contains("dice"), shown);
          shown = api.get("model-versions/get?name=" + model + "&version=1").body();
          expect(shown.contains("dice"), shown);
        });
  }

  private void sources(Conformance.Table table, String run) {
    for (String source : List.of("/etc/passwd", "file:///etc/passwd")) {
      table.check(
          "registry",
          "source refused: " + source,
          () -> expect(version(source, run).status() == 400, version(source, run)));
    }
  }

  private void aliases(Conformance.Table table) {
    String set = "{\"name\":\"" + model + "\",\"alias\":\"%s\",\"version\":\"%d\"}";
    table.check(
        "registry",
        "an alias moves from one version to another",
        () -> {
          api.post("registered-models/alias", set.formatted("champion", 1));
          api.post("registered-models/alias", set.formatted("champion", 2));
          String query = "registered-models/alias?name=" + model + "&alias=champion";
          String version = api.get(query).json().at("/model_version/version").asText();
          expect(version.equals("2"), version);
        });
    table.check(
        "registry",
        "a missing alias is 400",
        () ->
            expectRefusal(
                api.get("registered-models/alias?name=" + model + "&alias=none"), 400, INVALID));
    for (String alias : List.of("latest", "v2", "a b")) {
      table.check(
          "registry",
          "alias refused: " + alias,
          () ->
              expectRefusal(
                  api.post("registered-models/alias", set.formatted(alias, 1)), 400, INVALID));
    }
  }

  private void logged(Conformance.Table table, String run) {
    table.check(
        "logged models",
        "made, filled, finished, tied to its run, searched and deleted",
        () -> {
          String body = "{\"experiment_id\":\"%s\",\"name\":\"net\",\"source_run_id\":\"%s\"}";
          JsonNode info =
              api.post("logged-models", body.formatted(experiment, run)).json().at("/model/info");
          String id = info.path("model_id").asText();
          String root = info.path("artifact_uri").asText().replaceFirst("^mlflow-artifacts:", "");
          expect(api.artifact("PUT", root + "/MLmodel", "x").status() == 200, "no upload");
          String ready = "{\"model_id\":\"" + id + "\",\"status\":\"LOGGED_MODEL_READY\"}";
          String status =
              api.json("PATCH", "logged-models/" + id, ready)
                  .json()
                  .at("/model/info/status")
                  .asText();
          expect(status.equals("LOGGED_MODEL_READY"), status);
          String tie = "{\"run_id\":\"%s\",\"models\":[{\"model_id\":\"%s\",\"step\":1}]}";
          expect(api.post("runs/outputs", tie.formatted(run, id)).status() == 200, "no tie");
          String search = "{\"experiment_ids\":[\"%s\"],\"filter\":\"name = 'net'\"}";
          JsonNode found =
              api.post("logged-models/search", search.formatted(experiment)).json().path("models");
          expect(found.size() == 1, found);
          api.json("DELETE", "logged-models/" + id, "{}");
          int gone = api.get("logged-models/" + id).status();
          expect(gone == 404, gone);
        });
  }
}
