package org.voxbench.workflows.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.javalin.Javalin;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.mlflow.tracking.MlflowClient;
import org.voxbench.tracking.server.TrackingApi;
import org.voxbench.workflows.Json;
import picocli.CommandLine;

/** Import, export and gc as they are typed, without a coordinator. */
@Timeout(300)
class TrackingCopyTest {

  private record Outcome(int code, JsonNode json) {

    long copied(String what) {
      return StreamSupport.stream(json.path("counts").spliterator(), false)
          .filter(count -> count.path("what").asText().equals(what))
          .mapToLong(count -> count.path("copied").asLong())
          .sum();
    }
  }

  private static Outcome tracking(Path home, String... words) throws Exception {
    StringWriter out = new StringWriter();
    CommandLine command = Main.commandLine().setOut(new PrintWriter(out, true));
    command.setErr(new PrintWriter(new StringWriter(), true));
    List<String> all = new ArrayList<>(List.of("tracking"));
    all.addAll(List.of(words));
    all.addAll(List.of("--home", home.toString(), "--json"));
    int code = command.execute(all.toArray(String[]::new));
    return new Outcome(code, Json.MAPPER.readTree(out.toString()));
  }

  private static Javalin server(Path folder) {
    JdbcDataSource database = new JdbcDataSource();
    database.setURL("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
    TrackingApi api = new TrackingApi(database, folder, InstantSource.system());
    return Javalin.create(config -> api.mount(config.routes)).start("127.0.0.1", 0);
  }

  @Test
  void whatIsImportedIsThereOnceAndWhatWasDeletedIsFreed(@TempDir Path folder) throws Exception {
    Path home = folder.resolve("home");
    Path artifacts = Files.createDirectories(folder.resolve("other/artifacts"));
    Javalin other = server(artifacts);
    String uri = "http://127.0.0.1:" + other.port();
    try (MlflowClient client = new MlflowClient(uri)) {
      String experiment = client.createExperiment("study");
      String run = client.createRun(experiment).getRunId();
      client.logMetric(run, "dice", 0.5, 1, 1);
      client.setTerminated(run);
      client.deleteRun(client.createRun(experiment).getRunId());
      String[] words = {"import", "--uri", uri, "--deleted", "--patience", "5"};
      Outcome first = tracking(home, words);
      assertThat(first.code()).isZero();
      assertThat(first.copied("runs")).isEqualTo(2);
      assertThat(first.copied("metric points")).isEqualTo(1);
      Outcome again = tracking(home, words);
      assertThat(again.code()).isZero();
      assertThat(again.copied("runs")).isZero();
      assertThat(again.copied("metric points")).isZero();

      String[] gc = {"gc", "--older-than", "0d"};
      assertThat(
              tracking(home, "gc", "--older-than", "0d", "--dry-run").json().path("runs").asInt())
          .isEqualTo(1);
      assertThat(tracking(home, gc).json().path("runs").asInt()).isEqualTo(1);
      assertThat(tracking(home, gc).json().path("runs").asInt()).isZero();
    } finally {
      other.stop();
    }
  }

  @Test
  void aServerThatIsNotThereIsTheEndOfItAndNotOfWhatIsHere(@TempDir Path folder) throws Exception {
    Outcome none =
        tracking(
            folder.resolve("home"), "export", "--uri", "http://127.0.0.1:1", "--patience", "0");
    assertThat(none.code()).isEqualTo(1);
    assertThat(none.json().path("ended").asText()).contains("no MLflow server answers");
  }
}
