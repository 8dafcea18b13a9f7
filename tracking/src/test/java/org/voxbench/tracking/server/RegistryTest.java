package org.voxbench.tracking.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mlflow.api.proto.ModelRegistry.ModelVersion;
import org.mlflow.tracking.MlflowClient;

/** Registered models, versions and aliases, by MLflow's Java client where it has a call. */
class RegistryTest {

  private static TestServer server;
  private static MlflowClient client;

  @BeforeAll
  static void start(@TempDir Path folder) {
    server = new TestServer(folder.resolve("artifacts"));
    client = new MlflowClient(server.uri().toString());
  }

  @AfterAll
  static void stop() {
    client.close();
    server.close();
  }

  private static TestServer.Reply send(String method, String path, String json) throws Exception {
    return server.send(
        server
            .request("/api/2.0/mlflow/" + path)
            .header("Content-Type", "application/json")
            .method(method, BodyPublishers.ofString(json)));
  }

  private static String version(String model) throws Exception {
    String run = client.createRun().getRunId();
    server.post("registered-models/create", "{\"name\": \"" + model + "\"}");
    String json =
        "{\"name\": \"%s\", \"source\": \"runs:/%s/model\", \"run_id\": \"%s\","
            + " \"tags\": [{\"key\": \"dice\", \"value\": \"0.8\"}]}";
    TestServer.Reply made = server.post("model-versions/create", json.formatted(model, run, run));
    assertThat(made.status()).as(made.body()).isEqualTo(200);
    return made.json().at("/model_version/version").asText();
  }

  @Test
  void mlflowsJavaClientReadsWhatWasRegistered() throws Exception {
    assertThat(version("liver")).isEqualTo("1");
    assertThat(version("liver")).isEqualTo("2");
    ModelVersion second = client.getModelVersion("liver", "2");
    assertThat(second.getStatus().name()).isEqualTo("READY");
    assertThat(client.getModelVersionDownloadUri("liver", "2"))
        .startsWith("mlflow-artifacts:/0/")
        .endsWith("/artifacts/model");
    assertThat(client.getRegisteredModel("liver").getLatestVersionsList())
        .extracting(ModelVersion::getVersion)
        .containsExactly("2");
    assertThat(client.getLatestVersions("liver")).hasSize(1);
    assertThat(client.searchModelVersions("name='liver'").getItems()).hasSize(2);
    String run = second.getRunId();
    assertThat(client.searchModelVersions("run_id='" + run + "'").getItems()).hasSize(1);
  }

  @Test
  void anAliasNamesOneVersionAtATimeAndAMissingOneIs400() throws Exception {
    version("alias");
    version("alias");
    String set = "{\"name\": \"alias\", \"alias\": \"champion\", \"version\": \"%d\"}";
    for (int version : new int[] {1, 2}) {
      assertThat(server.post("registered-models/alias", set.formatted(version)).status())
          .isEqualTo(200);
    }
    JsonNode named = server.get("registered-models/alias?name=alias&alias=champion").json();
    assertThat(named.at("/model_version/version").asText()).isEqualTo("2");
    assertThat(named.at("/model_version/aliases/0").asText()).isEqualTo("champion");
    assertThat(
            send("DELETE", "registered-models/alias", "{\"name\":\"alias\",\"alias\":\"champion\"}")
                .status())
        .isEqualTo(200);
    TestServer.Reply missing = server.get("registered-models/alias?name=alias&alias=champion");
    assertThat(missing.status()).isEqualTo(400);
    assertThat(missing.body()).contains("Registered model alias champion not found.");
  }

  @Test
  void reservedAliasesAndForbiddenNamesAreRefused() throws Exception {
    version("names");
    for (String alias : new String[] {"latest", "LATEST", "v3", "a b", ""}) {
      String json = "{\"name\": \"names\", \"version\": \"1\", \"alias\": \"" + alias + "\"}";
      assertThat(server.post("registered-models/alias", json).status()).as(alias).isEqualTo(400);
    }
    for (String name : new String[] {"", "a/b", "a:b", ".."}) {
      String json = "{\"name\": \"" + name + "\"}";
      assertThat(server.post("registered-models/create", json).status()).as(name).isEqualTo(400);
    }
    assertThat(server.post("registered-models/create", "{\"name\": \"names\"}").body())
        .contains("RESOURCE_ALREADY_EXISTS");
  }

  @Test
  void aVersionPointsNowhereButIntoARunOfThisServer() throws Exception {
    version("source");
    String run = client.createRun().getRunId();
    String other = client.createRun().getRunId();
    for (String source :
        new String[] {
          "/etc/passwd",
          "file:///etc",
          "runs:/" + run + "/../../other",
          "runs:/" + other + "/model",
          "s3://bucket/x",
          "mlflow-artifacts:/0/" + run + "/artifacts/%2e%2e/x",
          "mlflow-artifacts:/../x",
          "models:/nobody/7"
        }) {
      String json = "{\"name\": \"source\", \"source\": \"" + source + "\", \"run_id\": \"" + run;
      assertThat(server.post("model-versions/create", json + "\"}").status())
          .as(source)
          .isIn(400, 404);
    }
  }

  @Test
  void modelsAreRenamedTaggedSearchedAndDeletedWithAllTheirVersions() throws Exception {
    version("old-name");
    server.post(
        "registered-models/set-tag",
        "{\"name\":\"old-name\",\"key\":\"organ\",\"value\":\"liver\"}");
    assertThat(
            server
                .post(
                    "registered-models/rename", "{\"name\":\"old-name\",\"new_name\":\"new-name\"}")
                .status())
        .isEqualTo(200);
    JsonNode found = server.get("registered-models/search?filter=tags.organ%3D'liver'").json();
    assertThat(found.at("/registered_models/0/name").asText()).isEqualTo("new-name");
    assertThat(found.at("/registered_models/0/latest_versions/0/tags/0/key").asText())
        .isEqualTo("dice");
    assertThat(send("DELETE", "registered-models/delete", "{\"name\":\"new-name\"}").status())
        .isEqualTo(200);
    assertThat(server.get("model-versions/get?name=new-name&version=1").status()).isEqualTo(404);
    assertThat(server.get("registered-models/get?name=new-name").status()).isEqualTo(404);
  }

  @Test
  void theNumberOfADeletedVersionIsNotGivenAgain() throws Exception {
    version("numbers");
    String second = version("numbers");
    String json = "{\"name\":\"numbers\",\"version\":\"" + second + "\"}";
    assertThat(send("DELETE", "model-versions/delete", json).status()).isEqualTo(200);
    assertThat(version("numbers")).isEqualTo("3");
  }

  @Test
  void aLoggedModelHasItsOwnArtifactsAndIsTiedToItsRun() throws Exception {
    String run = client.createRun().getRunId();
    String json = "{\"experiment_id\":\"0\",\"name\":\"net\",\"source_run_id\":\"" + run + "\"}";
    JsonNode info = server.post("logged-models", json).json().at("/model/info");
    String id = info.path("model_id").asText();
    assertThat(id).matches("m-[0-9a-f]{32}");
    String path = "/api/2.0/mlflow-artifacts/artifacts/0/models/" + id + "/artifacts/MLmodel";
    assertThat(server.send(server.request(path).PUT(BodyPublishers.ofString("x"))).status())
        .isEqualTo(200);
    assertThat(server.send(server.request(path)).body()).isEqualTo("x");
    assertThat(
            send("PATCH", "logged-models/" + id, "{\"status\":\"LOGGED_MODEL_READY\"}")
                .json()
                .at("/model/info/status")
                .asText())
        .isEqualTo("LOGGED_MODEL_READY");
    String tie = "{\"run_id\":\"%s\",\"models\":[{\"model_id\":\"%s\",\"step\":3}]}";
    assertThat(server.post("runs/outputs", tie.formatted(run, id)).status()).isEqualTo(200);
    assertThat(
            server
                .get("runs/get?run_id=" + run)
                .json()
                .at("/run/outputs/model_outputs/0/model_id")
                .asText())
        .isEqualTo(id);
    String search = "{\"experiment_ids\":[\"0\"],\"filter\":\"name = 'net'\"}";
    assertThat(server.post("logged-models/search", search).json().path("models")).hasSize(1);
    assertThat(server.get("logged-models/" + id + "/artifacts/directories").body())
        .contains("MLmodel");
    assertThat(send("DELETE", "logged-models/" + id, "").status()).isEqualTo(200);
    assertThat(server.get("logged-models/" + id).status()).isEqualTo(404);
  }
}
