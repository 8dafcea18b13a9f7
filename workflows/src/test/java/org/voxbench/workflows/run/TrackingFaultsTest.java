package org.voxbench.workflows.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.mlflow.api.proto.Service.Run;
import org.mlflow.api.proto.Service.RunStatus;
import org.voxbench.workflows.run.FaultyProxy.Fault;
import org.voxbench.workflows.shipping.ShipmentStatus;
import org.voxbench.workflows.shipping.TrackingShipper;
import org.voxbench.workflows.shipping.TrackingShipper.Pace;
import org.voxbench.workflows.shipping.TrackingTarget;

/** Whatever a tracking server does meanwhile: afterwards every point is there, and once. */
@Timeout(300)
class TrackingFaultsTest {

  private static final int POINTS = 2500;
  private static final Pace IMPATIENT = new Pace(Duration.ofMillis(200), Duration.ofSeconds(2));

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
    if (fault == Fault.FORGETS_EVERYTHING) {
      try (Shipping forgotten = new Shipping(bench)) {
        forgotten.ship();
      }
    }
    try (Shipping shipping = new Shipping(bench)) {
      if (fault != Fault.FORGETS_EVERYTHING) {
        shipThrough(fault, shipping);
      }
      shipping.ship();
      assertThat(shipping.runs("demo")).hasSize(1);
      Run run = shipping.run("demo", id);
      assertThat(shipping.client.getMetricHistory(run.getInfo().getRunId(), "loss"))
          .hasSize(POINTS);
      assertThat(run.getInfo().getStatus()).isEqualTo(RunStatus.FINISHED);
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

  private static void shipThrough(Fault fault, Shipping shipping) throws Exception {
    try (FaultyProxy proxy = new FaultyProxy(fault, shipping.server.address())) {
      TrackingShipper shipper =
          new TrackingShipper(
              shipping.bench.home,
              proxy.address(),
              shipping.credentials(),
              new TrackingTarget(Map.of()),
              IMPATIENT);
      // Then the shipper dies unfinished.
      assertThat(proxy.awaitFailures(4)).isTrue();
      shipper.close();
    }
  }
}
