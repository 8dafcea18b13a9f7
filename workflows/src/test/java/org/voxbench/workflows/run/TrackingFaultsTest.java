package org.voxbench.workflows.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.mlflow.api.proto.Service.Run;
import org.mlflow.api.proto.Service.ViewType;
import org.mlflow.tracking.MlflowClient;
import org.mlflow.tracking.creds.BasicMlflowHostCreds;
import org.voxbench.tracking.Credentials;
import org.voxbench.tracking.server.TrackingApi;
import org.voxbench.workflows.run.FaultyProxy.Fault;
import org.voxbench.workflows.shipping.ShipmentStatus;
import org.voxbench.workflows.shipping.TrackingShipper;
import org.voxbench.workflows.shipping.TrackingShipper.Pace;
import org.voxbench.workflows.shipping.TrackingTarget;
import org.voxbench.workflows.web.AccessToken;
import org.voxbench.workflows.web.WebServer;

/** Whatever a tracking server does meanwhile: afterwards every point is there, and once. */
@Timeout(300)
class TrackingFaultsTest {

  private static final int POINTS = 2500;
  private static final Pace PACE = new Pace(Duration.ofMillis(200), Duration.ofSeconds(2));

  @ParameterizedTest
  @EnumSource(Fault.class)
  void everyPointIsThereOnceAfterAServerThat(Fault fault, @TempDir Path folder) throws Exception {
    RunBench bench = new RunBench(folder);
    bench.steps.before =
        context -> {
          for (int i = 0; i < POINTS; i++) {
            context.listener().metric("loss", i, i);
          }
          writeWeights(context.output().resolve(CountingSteps.ARTIFACT));
        };
    String id = bench.queued(1);
    bench.work(id);
    AccessToken token = AccessToken.of(bench.home.root());
    if (fault == Fault.FORGETS_EVERYTHING) {
      try (WebServer forgotten = server(bench, token)) {
        ship(bench, forgotten.address(), token);
      }
    }
    try (WebServer server = server(bench, token)) {
      if (fault != Fault.FORGETS_EVERYTHING) {
        shipThrough(fault, bench, server, token);
      }
      ship(bench, server.address(), token);
      MlflowClient client =
          new MlflowClient(new BasicMlflowHostCreds(server.address().toString(), token.value()));
      String experiment = client.getExperimentByName("demo").orElseThrow().getExperimentId();
      List<Run> runs =
          client.searchRuns(List.of(experiment), "", ViewType.ACTIVE_ONLY, 10).getItems();
      assertThat(runs).hasSize(1);
      String run = runs.get(0).getInfo().getRunId();
      assertThat(client.getMetricHistory(run, "loss")).hasSize(POINTS);
      assertThat(client.getRun(run).getInfo().getStatus().name()).isEqualTo("FINISHED");
      assertThat(ShipmentStatus.all(bench.home))
          .allMatch(ShipmentStatus::complete)
          .allMatch(row -> row.files().waiting() == 0 && row.eventBytesWaiting() == 0);
      // What lies there is what was sent, down to the last byte: half a file would differ.
      Path sent = find(bench.home.store(), "output/" + CountingSteps.ARTIFACT);
      assertThat(find(bench.home.artifacts(), "train/" + CountingSteps.ARTIFACT))
          .hasSameBinaryContentAs(sent);
    }
  }

  private static void writeWeights(Path file) {
    byte[] bytes = new byte[300_000];
    new Random(7).nextBytes(bytes);
    try {
      Files.write(file, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path find(Path folder, String ending) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> file.endsWith(ending)).findFirst().orElseThrow();
    }
  }

  private static void shipThrough(Fault fault, RunBench bench, WebServer server, AccessToken token)
      throws Exception {
    try (FaultyProxy proxy = new FaultyProxy(fault, server.address())) {
      TrackingShipper shipper =
          new TrackingShipper(
              bench.home, proxy.address(), Credentials.bearer(token.value()), targets(), PACE);
      // Then the shipper dies unfinished.
      assertThat(proxy.awaitFailures(4)).isTrue();
      shipper.close();
    }
  }

  private static TrackingTarget targets() {
    return new TrackingTarget(Map.of());
  }

  private static WebServer server(RunBench bench, AccessToken token) {
    TrackingApi api =
        new TrackingApi(RunBench.database(), bench.home.artifacts(), InstantSource.system());
    return WebServer.start(WebServer.Listen.loopback(0), token, List.of(api::mount));
  }

  private static void ship(RunBench bench, URI server, AccessToken token) {
    Pace patient = new Pace(Duration.ofMillis(200), Duration.ofSeconds(20));
    new TrackingShipper(bench.home, server, Credentials.bearer(token.value()), targets(), patient)
        .close();
  }
}
