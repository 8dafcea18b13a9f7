package org.voxbench.tracking.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.voxbench.tracking.server.TestServer.Reply;

/** What may be logged, what is refused, and that a refused batch leaves nothing behind. */
class LogBatchTest {

  private static TestServer server;

  private String run = "";

  @BeforeAll
  static void start(@TempDir Path folder) {
    server = new TestServer(folder);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void newRun() throws Exception {
    run = server.post("runs/create", "{}").json().at("/run/info/run_id").asText();
  }

  private Reply log(String path, String fields) throws Exception {
    return server.post("runs/" + path, "{\"run_id\": \"" + run + "\", " + fields + "}");
  }

  private void assertRefused(Reply reply, String... words) throws Exception {
    assertThat(reply.status()).as(reply.body()).isEqualTo(400);
    assertThat(reply.json().get("error_code").asText()).isEqualTo("INVALID_PARAMETER_VALUE");
    assertThat(reply.json().get("message").asText()).contains(words);
    assertThat(data()).isEqualTo("{\"tags\":" + tags() + "}");
  }

  private String data() throws Exception {
    return server.get("runs/get?run_id=" + run).json().at("/run/data").toString();
  }

  private String tags() throws Exception {
    return server.get("runs/get?run_id=" + run).json().at("/run/data/tags").toString();
  }

  private static String metric(String fields) {
    return "\"metrics\": [{\"key\": \"good\", \"value\": 1, \"timestamp\": 5}, {" + fields + "}]";
  }

  private static String many(String list, int count, String fields) {
    return IntStream.range(0, count)
        .mapToObj(i -> "{\"key\": \"k" + i + "\", " + fields + "}")
        .collect(Collectors.joining(",", "\"" + list + "\": [", "]"));
  }

  @Test
  void oneBadMetricRefusesTheWholeBatchByItsPlace() throws Exception {
    assertRefused(
        log("log-batch", metric("\"key\": \"m\", \"timestamp\": 1")),
        "Missing value for required parameter 'metrics[1].value'");
    assertRefused(log("log-batch", metric("\"key\": \"m\", \"value\": 1")), "metrics[1].timestamp");
    assertRefused(log("log-batch", metric("\"value\": 1, \"timestamp\": 1")), "metrics[1].key");
  }

  @Test
  void aFractionalOrTooLargeStepIsRefusedInsteadOfStoredAsAnotherOne() throws Exception {
    String start = "\"key\": \"m\", \"value\": 1, \"timestamp\": 1, \"step\": ";
    assertRefused(log("log-batch", metric(start + "1.5")), "metrics[1].step", "1.5");
    assertRefused(log("log-batch", metric(start + "9223372036854775808")), "64-bit integer");
    assertRefused(log("log-batch", metric(start + "\"one\"")), "64-bit integer");
    assertRefused(log("log-batch", metric(start + "true")), "64-bit integer");
  }

  @Test
  void aFractionalOrNegativeTimestampIsRefused() throws Exception {
    String start = "\"key\": \"m\", \"value\": 1, \"timestamp\": ";
    assertRefused(log("log-batch", metric(start + "1.7")), "metrics[1].timestamp");
    assertRefused(log("log-batch", metric(start + "-1")), "at least 0 but was -1");
  }

  @Test
  void aValueThatIsNoNumberIsRefused() throws Exception {
    for (String value : new String[] {"\"nan\"", "\"inf\"", "\"1d\"", "\" 1\"", "true", "[]"}) {
      assertRefused(
          log("log-batch", metric("\"key\": \"m\", \"timestamp\": 1, \"value\": " + value)),
          "metrics[1].value");
    }
  }

  @Test
  void numbersMayBeStringsAndNonFiniteValuesMayBeBare() throws Exception {
    Reply reply =
        log(
            "log-batch",
            "\"metrics\": [{\"key\": \"a\", \"value\": \"1.5e-3\", \"timestamp\": \"7\", \"step\":"
                + " \"-2\"}, {\"key\": \"b\", \"value\": NaN, \"timestamp\": 7.0}]");
    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    assertThat(data())
        .contains(
            "{\"key\":\"a\",\"value\":0.0015,\"timestamp\":7,\"step\":-2}",
            "{\"key\":\"b\",\"value\":\"NaN\",\"timestamp\":7,\"step\":0}");
  }

  @Test
  void minusZeroAndZeroAreOnePoint() throws Exception {
    String points =
        "\"metrics\": [{\"key\": \"z\", \"value\": 0.0, \"timestamp\": 1},"
            + " {\"key\": \"z\", \"value\": -0.0, \"timestamp\": 1}]";
    assertThat(log("log-batch", points).status()).isEqualTo(200);
    assertThat(log("log-batch", points).status()).isEqualTo(200);
    assertThat(server.get("metrics/get-history?metric_key=z&run_id=" + run).json().get("metrics"))
        .hasSize(1);
  }

  @Test
  void tooManyOfAKindAreRefusedWithTheLimit() throws Exception {
    String point = "\"value\": 1, \"timestamp\": 1";
    assertRefused(log("log-batch", many("metrics", 1001, point)), "at most 1000 metrics", "1001");
    assertRefused(log("log-batch", many("params", 101, "\"value\": \"v\"")), "100 params");
    assertRefused(log("log-batch", many("tags", 101, "\"value\": \"v\"")), "100 tags");
    assertRefused(
        log(
            "log-batch",
            many("metrics", 901, point) + ", " + many("params", 100, "\"value\": \"v\"")),
        "1000 entities");
  }

  @Test
  void keysMustBeShortNormalPathsOfAllowedCharacters() throws Exception {
    String end = "\", \"value\": 1, \"timestamp\": 1";
    for (String key : new String[] {"a//b", "/a", "a/", "..", "a/../b", ".", "a#b", "a\\\"b"}) {
      assertRefused(log("log-batch", metric("\"key\": \"" + key + end)), "metric key");
    }
    assertRefused(
        log("log-batch", metric("\"key\": \"" + "k".repeat(251) + end)), "251", "at most 250");
    Reply unicode = log("log-batch", metric("\"key\": \"größe/Über alles: x_1-2.3" + end));
    assertThat(unicode.status()).as(unicode.body()).isEqualTo(200);
  }

  @Test
  void aParamThatStandsTwiceOrChangesRefusesTheWholeBatch() throws Exception {
    assertRefused(
        log(
            "log-batch",
            "\"params\": [{\"key\": \"p\", \"value\": \"1\"}, {\"key\": \"p\", \"value\": \"1\"}],"
                + metric("\"key\": \"m\", \"value\": 1, \"timestamp\": 1")),
        "'p' stands twice");
    assertThat(log("log-parameter", "\"key\": \"p\", \"value\": \"1\"").status()).isEqualTo(200);
    String before = data();
    Reply changed =
        log(
            "log-batch",
            "\"params\": [{\"key\": \"new\", \"value\": \"1\"}, {\"key\": \"p\", \"value\":"
                + " \"2\"}], \"tags\": [{\"key\": \"t\", \"value\": \"1\"}],"
                + metric("\"key\": \"m\", \"value\": 1, \"timestamp\": 1"));
    assertThat(changed.status()).isEqualTo(400);
    assertThat(changed.body()).contains("Changing param values is not allowed");
    assertThat(data()).isEqualTo(before);
  }

  @Test
  void theLastOfDoubleTagsWinsAndLongValuesAreCut() throws Exception {
    String longValue = "v".repeat(9000);
    Reply reply =
        log(
            "log-batch",
            "\"tags\": [{\"key\": \"t\", \"value\": \"1\"}, {\"key\": \"t\", \"value\": \"2\"},"
                + " {\"key\": \"long\", \"value\": \""
                + longValue
                + "\"}], \"params\": [{\"key\": \"long\", \"value\": \""
                + longValue
                + "\"}]");
    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    assertThat(data())
        .contains("{\"key\":\"t\",\"value\":\"2\"}")
        .contains("\"" + "v".repeat(8000) + "\"")
        .contains("\"" + "v".repeat(6000) + "\"");
  }

  @Test
  void theNameTagAndTheNameAreOneThing() throws Exception {
    log("set-tag", "\"key\": \"mlflow.runName\", \"value\": \"by tag\"");
    assertThat(server.get("runs/get?run_id=" + run).json().at("/run/info/run_name").asText())
        .isEqualTo("by tag");
    Reply info = log("update", "\"run_name\": \"by name\", \"status\": \"FAILED\"");
    assertThat(info.json().at("/run_info/run_name").asText()).isEqualTo("by name");
    assertThat(info.json().at("/run_info/status").asText()).isEqualTo("FAILED");
    assertThat(tags()).contains("by name");
    Reply conflict =
        server.post(
            "runs/create",
            "{\"run_name\": \"a\", \"tags\": [{\"key\": \"mlflow.runName\", \"value\": \"b\"}]}");
    assertThat(conflict.status()).isEqualTo(400);
  }

  @Test
  void anUnknownStatusIsRefused() throws Exception {
    assertRefused(log("update", "\"status\": \"DONE\""), "FINISHED", "'DONE'");
  }

  @Test
  void aFinishedRunMayStillBeLoggedTo() throws Exception {
    log("update", "\"status\": \"FINISHED\", \"end_time\": 5");
    assertThat(log("log-metric", "\"key\": \"late\", \"value\": 1, \"timestamp\": 9").status())
        .isEqualTo(200);
  }

  @Test
  void deletingATagThatIsNotThereIs404() throws Exception {
    Reply reply = log("delete-tag", "\"key\": \"nothing\"");
    assertThat(reply.status()).isEqualTo(404);
    assertThat(reply.json().get("error_code").asText()).isEqualTo("RESOURCE_DOES_NOT_EXIST");
  }

  @Test
  void datasetsAreShownAsInputsAndFoundByTheirFields() throws Exception {
    String dataset =
        "\"datasets\": [{\"tags\": [{\"key\": \"mlflow.data.context\", \"value\": \"training\"}],"
            + " \"dataset\": {\"name\": \"phantom\", \"digest\": \"d1\", \"source_type\": \"local\","
            + " \"source\": \"{}\", \"schema\": \"s\"}}]";
    assertThat(log("log-inputs", dataset).status()).isEqualTo(200);
    assertThat(log("log-inputs", dataset).status()).isEqualTo(200);
    assertThat(server.get("runs/get?run_id=" + run).json().at("/run/inputs/dataset_inputs"))
        .hasSize(1);
    Reply found =
        server.post(
            "runs/search",
            "{\"experiment_ids\": [\"0\"], \"filter\": \"dataset.name = 'phantom' AND"
                + " dataset.context = 'training' AND dataset.digest IN ('d1', 'd2')\"}");
    assertThat(found.json().at("/runs/0/info/run_id").asText()).isEqualTo(run);
  }
}
