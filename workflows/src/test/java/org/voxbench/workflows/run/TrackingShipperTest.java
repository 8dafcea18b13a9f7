package org.voxbench.workflows.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mlflow.api.proto.Service.Experiment;
import org.mlflow.api.proto.Service.Metric;
import org.mlflow.api.proto.Service.RunInfo;
import org.mlflow.api.proto.Service.RunStatus;
import org.mlflow.tracking.MlflowClient;
import org.mlflow.tracking.creds.BasicMlflowHostCreds;
import org.voxbench.steps.StepStoppedException;
import org.voxbench.tracking.Credentials;
import org.voxbench.tracking.server.TrackingApi;
import org.voxbench.workflows.journal.Run;
import org.voxbench.workflows.shipping.TrackingShipper;
import org.voxbench.workflows.shipping.TrackingTarget;
import org.voxbench.workflows.web.AccessToken;
import org.voxbench.workflows.web.WebServer;

class TrackingShipperTest {

  @TempDir private Path folder = Path.of("");

  @Test
  void mlflowsOwnClientReadsBackParamsMetricsAndFinalStatus() throws IOException {
    RunBench bench = new RunBench(folder);
    Run run = bench.work(bench.queued(7));

    try (WebServer server = server(bench)) {
      ship(bench, server);

      MlflowClient client = client(bench, server);
      RunInfo info = onlyRun(client);
      assertThat(info.getStatus()).isEqualTo(RunStatus.FINISHED);
      assertThat(info.getRunName()).isEqualTo(run.id());
      var data = client.getRun(info.getRunId()).getData();
      assertThat(data.getParamsList())
          .anySatisfy(
              param -> {
                assertThat(param.getKey()).isEqualTo("train.number");
                assertThat(param.getValue()).isEqualTo("7");
              });
      assertThat(client.getMetricHistory(info.getRunId(), "train.number"))
          .extracting(Metric::getValue)
          .contains(7.0);
    }
  }

  @Test
  void whatAnEarlierCoordinatorCouldNotTellIsToldByTheNextAndOnlyOnce() throws IOException {
    RunBench bench = new RunBench(folder);
    bench.work(bench.queued(7));

    try (WebServer server = server(bench)) {
      ship(bench, server);
      ship(bench, server);

      MlflowClient client = client(bench, server);
      String id = onlyRun(client).getRunId();
      long points =
          client.getMetricHistory(id, "train.number").stream()
              .filter(metric -> metric.getStep() == 1)
              .count();
      assertThat(points).isEqualTo(1);
    }
  }

  @Test
  void aStoppedRunIsKilledAndOneThatGoesOnEndsFinished() throws IOException {
    RunBench bench = new RunBench(folder);
    bench.steps.before =
        context -> {
          bench.askToStop("demo-1");
          throw new StepStoppedException("stopped on request");
        };
    String id = bench.queued(7);
    bench.work(id);
    try (WebServer server = server(bench)) {
      ship(bench, server);
      MlflowClient client = client(bench, server);
      assertThat(onlyRun(client).getStatus()).isEqualTo(RunStatus.KILLED);

      bench.steps.before = context -> {};
      bench.journal.save(bench.find(id).requeued());
      bench.work(id);
      ship(bench, server);

      assertThat(onlyRun(client).getStatus()).isEqualTo(RunStatus.FINISHED);
    }
  }

  private static WebServer server(RunBench bench) {
    TrackingApi api =
        new TrackingApi(RunBench.database(), bench.home.artifacts(), InstantSource.system());
    return WebServer.start(
        WebServer.Listen.loopback(0), AccessToken.of(bench.home.root()), List.of(api::mount));
  }

  private static void ship(RunBench bench, WebServer server) {
    Credentials token = Credentials.bearer(AccessToken.of(bench.home.root()).value());
    TrackingTarget targets = new TrackingTarget(Map.of());
    new TrackingShipper(bench.home, server.address(), token, targets).close();
  }

  private static MlflowClient client(RunBench bench, WebServer server) {
    String token = AccessToken.of(bench.home.root()).value();
    return new MlflowClient(new BasicMlflowHostCreds(server.address().toString(), token));
  }

  private static RunInfo onlyRun(MlflowClient client) {
    Optional<Experiment> experiment = client.getExperimentByName("demo");
    List<RunInfo> runs = client.listRunInfos(experiment.orElseThrow().getExperimentId());
    assertThat(runs).hasSize(1);
    return Objects.requireNonNull(runs.get(0));
  }
}
