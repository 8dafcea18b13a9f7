package org.voxbench.workflows.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.mlflow.api.proto.Service.Metric;
import org.mlflow.api.proto.Service.Run;
import org.mlflow.api.proto.Service.RunStatus;
import org.voxbench.steps.StepStoppedException;

@Timeout(120)
class TrackingShipperTest {

  private RunBench bench;
  private Shipping shipping;

  @BeforeEach
  void start(@TempDir Path folder) {
    bench = new RunBench(folder);
    shipping = new Shipping(bench);
  }

  @AfterEach
  void stop() {
    shipping.close();
  }

  private List<Metric> history(Run run, String metric) {
    return shipping.client.getMetricHistory(run.getInfo().getRunId(), metric);
  }

  @Test
  void mlflowsOwnClientReadsBackParamsMetricsAndFinalStatus() throws IOException {
    String id = bench.queued(7);
    bench.work(id);
    shipping.ship();
    Run run = shipping.run("demo", id);
    assertThat(run.getInfo().getStatus()).isEqualTo(RunStatus.FINISHED);
    assertThat(run.getData().getParamsList())
        .anySatisfy(
            param -> {
              assertThat(param.getKey()).isEqualTo("train.number");
              assertThat(param.getValue()).isEqualTo("7");
            });
    assertThat(history(run, "train.number")).extracting(Metric::getValue).contains(7.0);
  }

  @Test
  void whatAnEarlierCoordinatorCouldNotTellIsToldByTheNextAndOnlyOnce() throws IOException {
    String id = bench.queued(7);
    bench.work(id);
    shipping.ship();
    shipping.ship();
    assertThat(history(shipping.run("demo", id), "train.number"))
        .filteredOn(point -> point.getStep() == 1)
        .hasSize(1);
  }

  @Test
  void aStoppedRunIsKilledAndOneThatGoesOnEndsFinished() throws IOException {
    bench.steps.before =
        context -> {
          bench.askToStop("demo-1");
          throw new StepStoppedException("stopped on request");
        };
    String id = bench.queued(7);
    bench.work(id);
    shipping.ship();
    assertThat(shipping.run("demo", id).getInfo().getStatus()).isEqualTo(RunStatus.KILLED);

    bench.steps.before = context -> {};
    bench.journal.save(bench.find(id).requeued());
    bench.work(id);
    shipping.ship();
    assertThat(shipping.run("demo", id).getInfo().getStatus()).isEqualTo(RunStatus.FINISHED);
  }

  @Test
  void weightsThatTakeLongDoNotDelayACurve() throws Exception {
    bench.steps.before = context -> write(context.output().resolve(CountingSteps.ARTIFACT));
    String id = bench.queued(7);
    bench.work(id);
    CountDownLatch runEnded = new CountDownLatch(1);
    AtomicBoolean endedDuringUpload = new AtomicBoolean();
    ForwardingProxy.Rule weightsAreSlow =
        (proxy, exchange, body) -> {
          String path = exchange.getRequestURI().getPath();
          if (exchange.getRequestMethod().equals("PUT") && path.endsWith(CountingSteps.ARTIFACT)) {
            endedDuringUpload.set(await(runEnded));
          }
          proxy.pass(exchange, body);
          if (path.endsWith("/runs/update")) {
            runEnded.countDown();
          }
        };
    try (ForwardingProxy proxy = new ForwardingProxy(shipping.server.address(), weightsAreSlow)) {
      shipping.begin(proxy.address(), Map.of()).close();
    }
    assertThat(endedDuringUpload).isTrue();
    assertThat(shipping.artifacts(shipping.run("demo", id), "train"))
        .contains("train/" + CountingSteps.ARTIFACT);
  }

  private static void write(Path file) {
    try {
      Files.writeString(file, "weights");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean await(CountDownLatch latch) throws IOException {
    try {
      return latch.await(15, TimeUnit.SECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException(interrupted);
    }
  }
}
