package org.voxbench.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mlflow.api.proto.Service.Metric;
import org.mlflow.api.proto.Service.Run;
import org.mlflow.api.proto.Service.RunStatus;
import org.mlflow.tracking.MlflowClient;
import org.voxbench.tracking.server.TestServer;

/** Runs are shipped to the embedded server and read back with MLflow's own client. */
class TrackerTest {

  private static final Instant START = Instant.parse("2026-01-02T03:04:05Z");

  private static TestServer server;
  private static MlflowClient reader;
  private static Tracker tracker;

  @BeforeAll
  static void start(@TempDir Path folder) {
    server = new TestServer(folder.resolve("artifacts"));
    reader = new MlflowClient(server.uri().toString());
    tracker = new Tracker(server.uri(), Credentials.none(), Duration.ofSeconds(30));
  }

  @AfterAll
  static void stop() {
    tracker.close();
    reader.close();
    server.close();
  }

  private static NewRun run(String experiment, String key) {
    return new NewRun(experiment, key, "run " + key, START, Map.of("voxbench.step", "train"));
  }

  @Test
  void everythingLoggedIsReadBack(@TempDir Path folder) throws Exception {
    TrackedRun run = tracker.open(run("quickstart", "q-1"));
    Map<String, String> params = new HashMap<>();
    IntStream.range(0, 250).forEach(i -> params.put("train.p" + i, "v" + i));
    run.params(params);
    run.params(Map.of("train.p0", "v0"));
    run.tags(Map.of("host", "here"));
    run.tags(Map.of("host", "there"));
    List<MetricPoint> points =
        IntStream.range(0, 2500)
            .mapToObj(i -> new MetricPoint("train.loss", 1.0 / i, i, START.plusMillis(i)))
            .toList();
    run.metrics(points);
    run.metrics(points);
    Path file = Files.write(folder.resolve("model.safetensors"), new byte[3 << 20]);
    run.artifact("weights/model ß+1.safetensors", file);
    run.end(RunEnd.FINISHED, START.plusSeconds(9));

    Run read = reader.getRun(run.id());
    assertThat(read.getInfo().getStatus()).isEqualTo(RunStatus.FINISHED);
    assertThat(read.getInfo().getStartTime()).isEqualTo(START.toEpochMilli());
    assertThat(read.getInfo().getEndTime()).isEqualTo(START.plusSeconds(9).toEpochMilli());
    assertThat(read.getInfo().getRunName()).isEqualTo("run q-1");
    assertThat(read.getData().getParamsCount()).isEqualTo(250);
    assertThat(read.getData().getTagsList())
        .extracting(tag -> tag.getKey() + "=" + tag.getValue())
        .contains("host=there", "voxbench.run=q-1", "voxbench.step=train");
    List<Metric> history = reader.getMetricHistory(run.id(), "train.loss");
    assertThat(history).hasSize(2500);
    assertThat(history.get(0).getValue()).isInfinite();
    assertThat(history.get(2).getValue()).isEqualTo(0.5);
    assertThat(history.get(2).getTimestamp()).isEqualTo(START.plusMillis(2).toEpochMilli());
    assertThat(server.get("artifacts/list?path=weights&run_id=" + run.id()).body())
        .contains("weights/model ß+1.safetensors", String.valueOf(3 << 20));
  }

  @Test
  void openingTheSameKeyAgainGivesTheSameRun() throws Exception {
    TrackedRun first = tracker.open(run("again", "a-1"));
    first.end(RunEnd.KILLED, START);
    try (Tracker other = new Tracker(server.uri(), Credentials.none(), Duration.ofSeconds(30))) {
      TrackedRun second = other.open(run("again", "a-1"));
      assertThat(second.id()).isEqualTo(first.id());
      assertThat(reader.getRun(first.id()).getInfo().getStatus()).isEqualTo(RunStatus.KILLED);
      second.reopen();
      assertThat(reader.getRun(first.id()).getInfo().getStatus()).isEqualTo(RunStatus.RUNNING);
    }
    assertThat(tracker.open(run("again", "a-2")).id()).isNotEqualTo(first.id());
  }

  @Test
  void anExperimentDeletedByItsUserIsBroughtBackRatherThanTrackingLost() throws Exception {
    TrackedRun run = tracker.open(run("deleted by user", "d-1"));
    reader.deleteExperiment(run.experimentId());
    assertThat(tracker.open(run("deleted by user", "d-1")).id()).isEqualTo(run.id());
  }

  @Test
  void aChangedParameterIsRefusedForGoodAndTrackingGoesOn() throws Exception {
    TrackedRun run = tracker.open(run("refused", "r-1"));
    run.params(Map.of("seed", "1"));
    assertThatThrownBy(() -> run.params(Map.of("seed", "2")))
        .isInstanceOf(TrackingRefusedException.class)
        .hasMessageContaining("Changing param values");
    run.metrics(List.of(new MetricPoint("m", 1, 0, START)));
    assertThat(reader.getRun(run.id()).getData().getMetricsCount()).isEqualTo(1);
  }

  @Test
  void aMissingFileAndAPathOutOfTheRunAreRefused(@TempDir Path folder) throws Exception {
    TrackedRun run = tracker.open(run("refused", "r-2"));
    assertThatThrownBy(() -> run.artifact("x", folder.resolve("none")))
        .isInstanceOf(TrackingRefusedException.class)
        .hasMessageContaining("cannot be read");
    Path file = Files.writeString(folder.resolve("f"), "f");
    assertThatThrownBy(() -> run.artifact("../x", file))
        .isInstanceOf(TrackingRefusedException.class)
        .hasMessageContaining("expected a relative path");
  }

  @Test
  void badAddressesKeysAndCredentialsAreRefusedAtOnce() {
    for (String address : List.of("sqlite:///x", "file:/x", "http:/x", "localhost:5000")) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> tracker(address))
          .withMessageContaining("http://127.0.0.1:5000");
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> tracker("http://user:secret@host"))
        .withMessageContaining("MLFLOW_TRACKING_USERNAME")
        .withMessageNotContaining("secret");
    assertThatIllegalArgumentException().isThrownBy(() -> run("e", "it's"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Credentials.fromEnvironment(Map.of("MLFLOW_TRACKING_USERNAME", "u")))
        .withMessageContaining("only the user name is");
  }

  private static void tracker(String address) {
    new Tracker(URI.create(address), Credentials.none(), Duration.ofSeconds(1)).close();
  }

  @Test
  void credentialsComeFromMlflowsVariablesAndAreNeverShown() {
    Credentials user =
        Credentials.fromEnvironment(
            Map.of("MLFLOW_TRACKING_USERNAME", "u", "MLFLOW_TRACKING_PASSWORD", "pässword"));
    assertThat(user.header()).isEqualTo("Basic dTpww6Rzc3dvcmQ=");
    assertThat(user).hasToString("user u");
    Credentials token = Credentials.fromEnvironment(Map.of("MLFLOW_TRACKING_TOKEN", "t0ken"));
    assertThat(token.header()).isEqualTo("Bearer t0ken");
    assertThat(token).hasToString("a token");
    assertThat(Credentials.fromEnvironment(Map.of()).header()).isNull();
  }
}
