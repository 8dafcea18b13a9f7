package org.voxbench.tracking.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.voxbench.tracking.server.TestServer.Reply;

/** Whatever is asked, the answer is JSON that MLflow's clients understand. */
class ErrorsTest {

  private static TestServer server;

  @BeforeAll
  static void start(@TempDir Path folder) {
    server = new TestServer(folder);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static void assertError(Reply reply, int status, String code, String... words)
      throws Exception {
    assertThat(reply.status()).as(reply.body()).isEqualTo(status);
    assertThat(reply.json().get("error_code").asText()).isEqualTo(code);
    String message = reply.json().get("message").asText();
    assertThat(words).as(message).allMatch(message::contains);
  }

  @Test
  void malformedJsonIsReportedWithItsPlace() throws Exception {
    assertError(
        server.post("runs/create", "{\"experiment_id\": \"0\",\n oops}"),
        400,
        "INVALID_PARAMETER_VALUE",
        "Malformed JSON at line 2");
    assertError(server.post("runs/create", "[]"), 400, "INVALID_PARAMETER_VALUE", "JSON object");
    assertError(server.post("runs/create", "{} {}"), 400, "INVALID_PARAMETER_VALUE", "after");
    assertError(
        server.post("runs/create", "{\"user_id\": \"a\", \"user_id\": \"b\"}"),
        400,
        "INVALID_PARAMETER_VALUE",
        "Duplicate field 'user_id'");
  }

  @Test
  void anotherContentTypeIsRefused() throws Exception {
    assertError(
        server.send(
            server
                .request("/api/2.0/mlflow/runs/create")
                .header("Content-Type", "text/plain")
                .POST(BodyPublishers.ofString("{}"))),
        400,
        "INVALID_PARAMETER_VALUE",
        "application/json",
        "text/plain");
  }

  @Test
  void unknownEndpointsAndMethodsAre404() throws Exception {
    assertError(server.get("nothing/here"), 404, "ENDPOINT_NOT_FOUND", "nothing/here");
    assertError(server.get("runs/create"), 404, "ENDPOINT_NOT_FOUND", "GET");
    assertError(server.send(server.request("/api/3.0/mlflow/traces")), 404, "ENDPOINT_NOT_FOUND");
  }

  @Test
  void unknownRunsAndExperimentsAre404() throws Exception {
    String missing = "RESOURCE_DOES_NOT_EXIST";
    assertError(server.get("runs/get?run_id=nope"), 404, missing, "nope");
    assertError(server.get("experiments/get?experiment_id=99"), 404, missing, "99");
    assertError(server.get("experiments/get?experiment_id=x"), 404, missing, "x");
    assertError(server.get("experiments/get-by-name?experiment_name=x"), 404, missing, "x");
    assertError(
        server.post(
            "runs/log-metric", "{\"run_id\":\"no\",\"key\":\"k\",\"value\":1,\"timestamp\":1}"),
        404,
        missing);
    assertError(server.post("runs/delete", "{\"run_id\":\"no\"}"), 404, missing);
    assertError(server.get("artifacts/list?run_id=no"), 404, missing);
    assertError(server.post("experiments/delete", "{\"experiment_id\":\"77\"}"), 404, missing);
  }

  @Test
  void missingFieldsAreNamed() throws Exception {
    String invalid = "INVALID_PARAMETER_VALUE";
    assertError(server.get("runs/get"), 400, invalid, "'run_id'");
    assertError(server.post("experiments/create", "{}"), 400, invalid, "'name'");
    assertError(server.post("experiments/create", "{\"name\": \" \"}"), 400, invalid, "blank");
    assertError(server.post("experiments/create", "{\"name\": 7}"), 400, invalid, "a string", "7");
    assertError(server.get("metrics/get-history?run_id=a"), 400, invalid, "'metric_key'");
  }

  @Test
  void anArtifactLocationOfTheCallersChoiceIsRefused() throws Exception {
    assertError(
        server.post(
            "experiments/create", "{\"name\": \"n\", \"artifact_location\": \"file:/etc\"}"),
        400,
        "INVALID_PARAMETER_VALUE",
        "leave artifact_location away");
  }

  @Test
  void pagesAndViewsOutOfRangeAreRefused() throws Exception {
    String invalid = "INVALID_PARAMETER_VALUE";
    assertError(server.post("experiments/search", "{}"), 400, invalid, "max_results");
    assertError(
        server.post("experiments/search", "{\"max_results\": 0}"), 400, invalid, "1 to 50000");
    assertError(server.post("runs/search", "{\"max_results\": 50001}"), 400, invalid, "50001");
    assertError(
        server.post("runs/search", "{\"run_view_type\": \"SOME\"}"), 400, invalid, "ACTIVE_ONLY");
    for (String token : new String[] {"!", "e30=", "eyJvZmZzZXQiOiAtMX0="}) {
      assertError(
          server.post("runs/search", "{\"page_token\": \"" + token + "\"}"),
          400,
          invalid,
          "Invalid page token");
    }
  }

  @Test
  void theSmallEndpointsAnswer() throws Exception {
    assertThat(server.send(server.request("/health"))).isEqualTo(new Reply(200, "OK"));
    assertThat(server.send(server.request("/version")).body()).isEqualTo("3.17.2");
    assertThat(server.post("logged-models/search", "{}")).isEqualTo(new Reply(200, "{}"));
    assertThat(server.get("metrics/get-history?run_id=no&metric_key=m"))
        .isEqualTo(new Reply(200, "{}"));
  }

  @Test
  void anExperimentIsDeletedOnceAndKeepsItsName() throws Exception {
    String id =
        server
            .post("experiments/create", "{\"name\": \"doomed\"}")
            .json()
            .get("experiment_id")
            .asText();
    String json = "{\"experiment_id\": \"" + id + "\"}";
    assertThat(server.post("experiments/delete", json).status()).isEqualTo(200);
    assertError(server.post("experiments/delete", json), 404, "RESOURCE_DOES_NOT_EXIST");
    assertError(
        server.post("experiments/create", "{\"name\": \"doomed\"}"),
        400,
        "RESOURCE_ALREADY_EXISTS");
    assertThat(server.get("experiments/get-by-name?experiment_name=doomed").status())
        .isEqualTo(200);
  }
}
