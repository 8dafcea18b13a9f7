package org.voxbench.tracking.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.voxbench.tracking.server.TestServer.Reply;

/** Filters and orders over three runs named a, b and c. */
class RunSearchTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  private static TestServer server;
  private static String idOfA = "";

  @BeforeAll
  static void start(@TempDir Path folder) throws Exception {
    server = new TestServer(folder);
    idOfA = make("a", 100, "0.5", "small_x");
    make("b", 200, "NaN", "SMALL%x");
    make("c", 300, "Infinity", "");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static String make(String name, long start, String loss, String size) throws Exception {
    String created =
        JSON.writeValueAsString(
            Map.of("run_name", name, "start_time", start, "user_id", "user " + name));
    String id = server.post("runs/create", created).json().at("/run/info/run_id").asText();
    Map<String, Object> metric = Map.of("key", "val loss", "value", loss, "timestamp", 1);
    List<Map<String, String>> params =
        size.isEmpty() ? List.of() : List.of(Map.of("key", "net.size", "value", size));
    Reply logged =
        server.post(
            "runs/log-batch",
            JSON.writeValueAsString(
                Map.of("run_id", id, "metrics", List.of(metric), "params", params)));
    assertThat(logged.status()).isEqualTo(200);
    return id;
  }

  private static Reply search(String filter, String... orders) throws Exception {
    return server.post(
        "runs/search",
        JSON.writeValueAsString(
            Map.of("experiment_ids", List.of("0"), "filter", filter, "order_by", List.of(orders))));
  }

  private static String names(String filter, String... orders) throws Exception {
    Reply reply = search(filter, orders);
    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    List<String> names = new ArrayList<>();
    for (JsonNode run : reply.json().path("runs")) {
      names.add(run.at("/info/run_name").asText());
    }
    return String.join("", names);
  }

  @Test
  void withoutAnOrderTheLatestStartComesFirst() throws Exception {
    assertThat(names("")).isEqualTo("cba");
  }

  @Test
  void metricsAreComparedAsNumbersAndNanNeverMatches() throws Exception {
    assertThat(names("metrics.`val loss` > 0.1")).isEqualTo("ca");
    assertThat(names("metrics.\"val loss\" <= 5e-1")).isEqualTo("a");
    assertThat(names("metrics.`val loss` != 0.5")).isEqualTo("c");
    assertThat(names("metrics.unknown != 0.5")).isEmpty();
  }

  @Test
  void textIsComparedWithWildcardsAndWithoutEscapes() throws Exception {
    assertThat(names("params.net.size = 'small_x'")).isEqualTo("a");
    assertThat(names("params.net.size != 'small_x'")).isEqualTo("b");
    assertThat(names("params.net.size LIKE 'small%'")).isEqualTo("a");
    assertThat(names("params.net.size ILIKE 'small%'")).isEqualTo("ba");
    assertThat(names("params.net.size LIKE 'small\\_x'")).isEmpty();
    assertThat(names("params.net.size IS NULL")).isEqualTo("c");
    assertThat(names("params.net.size IS NOT NULL AND tags.mlflow.runName = \"b\"")).isEqualTo("b");
  }

  @Test
  void attributesAreCompared() throws Exception {
    assertThat(names("attributes.start_time >= 200 AND status = 'RUNNING'")).isEqualTo("cb");
    assertThat(names("run_name LIKE 'a'")).isEqualTo("a");
    assertThat(names("user_id = 'user b'")).isEqualTo("b");
    assertThat(names("run_id IN ('" + idOfA + "', 'x')")).isEqualTo("a");
    assertThat(names("attr.run_id NOT IN ('" + idOfA + "')")).isEqualTo("cb");
    assertThat(names("artifact_uri LIKE 'mlflow-artifacts:/0/" + idOfA + "/%'")).isEqualTo("a");
    assertThat(names("end_time > 0")).isEmpty();
  }

  @Test
  void ordersPutNanBehindNumbersAndNothingLast() throws Exception {
    assertThat(names("", "metrics.`val loss` ASC")).isEqualTo("acb");
    assertThat(names("", "metrics.`val loss` DESC")).isEqualTo("cab");
    assertThat(names("", "params.net.size ASC")).isEqualTo("bac");
    assertThat(names("", "params.net.size DESC")).isEqualTo("abc");
    assertThat(names("", "metrics.nothing", "attributes.start_time ASC")).isEqualTo("abc");
  }

  @Test
  void aFilterThatCannotBeRightIsRefused() throws Exception {
    Map<String, String> bad =
        Map.of(
            "metrics.a = 'text'", "a number without quotes",
            "metrics.a LIKE 5", "behind a number",
            "params.a > 'x'", "behind a text field",
            "params.a = 5", "a quoted string",
            "shape = 'round'", "an attribute out of [artifact_uri",
            "start_time = 'now'", "a number without quotes",
            "run_name IN ('a')", "= != LIKE ILIKE",
            "status IS NULL", "= != LIKE ILIKE",
            "dataset.size = '3'", "[context, digest, name]");
    for (Map.Entry<String, String> entry : bad.entrySet()) {
      Reply reply = search(entry.getKey());
      assertThat(reply.status()).as(entry.getKey()).isEqualTo(400);
      assertThat(reply.json().get("message").asText()).contains(entry.getValue());
    }
    assertThat(search("", "dataset.name").body()).contains("anything but a dataset");
  }

  @Test
  void whatAUserTypesIsNeverRunAsSql() throws Exception {
    assertThat(names("params.`x' OR '1'='1` = 'y'' OR 1=1 --'")).isEmpty();
    assertThat(search("run_name = 'a'; DROP TABLE tracking.run").status()).isEqualTo(400);
    assertThat(names("")).isEqualTo("cba");
  }

  @Test
  void runsMadeBetweenTwoPagesNeitherDoubleNorHideOthers() throws Exception {
    String id =
        server
            .post("experiments/create", "{\"name\":\"pages\"}")
            .json()
            .path("experiment_id")
            .asText();
    for (int i = 0; i < 6; i++) {
      server.post("runs/create", "{\"experiment_id\":\"" + id + "\",\"run_name\":\"" + i + "\"}");
    }
    StringBuilder seen = new StringBuilder();
    String token = "";
    do {
      String body =
          "{\"experiment_ids\":[\"%s\"],\"max_results\":2,\"order_by\":[\"run_name DESC\"],"
              + "\"page_token\":\"%s\"}";
      JsonNode page = server.post("runs/search", body.formatted(id, token)).json();
      page.path("runs").forEach(run -> seen.append(run.at("/info/run_name").asText()));
      token = page.path("next_page_token").asText("");
      server.post("runs/create", "{\"experiment_id\":\"" + id + "\",\"run_name\":\"new\"}");
    } while (!token.isEmpty());
    assertThat(seen).hasToString("543210");
  }

  @Test
  void experimentsAreFoundByNameTagAndTime() throws Exception {
    server.post(
        "experiments/create",
        "{\"name\": \"ct abdomen\", \"tags\": [{\"key\": \"team\", \"value\": \"x\"}]}");
    assertThat(experiments("name ILIKE 'CT %'")).hasSize(1);
    assertThat(experiments("tags.team = 'x' AND creation_time > 1000")).hasSize(1);
    assertThat(experiments("tags.team IS NULL AND experiment_id = 0")).hasSize(1);
    assertThat(experiments("attribute.name = 'Default'")).hasSize(1);
    assertThat(experiments("metrics.a > 1").get("message").asText())
        .contains("an attribute of an experiment");
  }

  private static JsonNode experiments(String filter) throws Exception {
    JsonNode answer =
        server
            .post(
                "experiments/search",
                JSON.writeValueAsString(Map.of("max_results", 10, "filter", filter)))
            .json();
    return answer.has("experiments") ? answer.get("experiments") : answer;
  }
}
