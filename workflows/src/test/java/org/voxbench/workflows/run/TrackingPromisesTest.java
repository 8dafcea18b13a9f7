package org.voxbench.workflows.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mlflow.api.proto.Service.Run;
import org.mlflow.api.proto.Service.RunStatus;
import org.voxbench.steps.PermanentStepException;
import org.voxbench.steps.StepName;
import org.voxbench.steps.StepStoppedException;
import org.voxbench.workflows.Json;
import org.voxbench.workflows.shipping.ShipmentStatus;
import org.voxbench.workflows.shipping.TrackingTarget;

/** What docs/tracking.md promises of single runs. */
class TrackingPromisesTest {

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

  @Test
  void aRunDeletedOnTheServerIsToldFurtherOnlyWhenItIsRestoredThere() throws IOException {
    bench.steps.before =
        context -> {
          bench.askToStop("demo-1");
          throw new StepStoppedException("stopped on request");
        };
    String id = bench.queued(1);
    bench.work(id);
    shipping.ship();
    String told = shipping.run("demo", id).getInfo().getRunId();
    shipping.client.deleteRun(told);

    bench.steps.before = context -> {};
    bench.journal.save(bench.find(id).requeued());
    bench.work(id);
    shipping.ship();
    assertThat(shipping.runs("demo")).isEmpty();
    ShipmentStatus status = ShipmentStatus.all(bench.home).get(0);
    assertThat(status.complete()).isFalse();
    assertThat(status.problem()).contains("deleted on the server");

    shipping.client.restoreRun(told);
    shipping.ship();
    Run run = shipping.run("demo", id);
    assertThat(run.getInfo().getRunId()).isEqualTo(told);
    assertThat(run.getInfo().getStatus()).isEqualTo(RunStatus.FINISHED);
    assertThat(ShipmentStatus.all(bench.home)).allMatch(ShipmentStatus::complete);
  }

  @Test
  void aTagOverTheLimitIsCut() throws IOException {
    bench.steps.before =
        context -> {
          throw new PermanentStepException("x".repeat(9000));
        };
    String id = bench.queued(1);
    bench.work(id);
    shipping.ship();
    assertThat(Shipping.tag(shipping.run("demo", id), "voxbench.message"))
        .hasSize(5000)
        .endsWith("...");
  }

  @Test
  void aStoreOfFilesInTheVariableIsPassedOver() throws IOException {
    String id = bench.queued(1);
    for (String store : new String[] {"sqlite:///mlruns.db", "/srv/mlruns", "file:///mlruns"}) {
      new TrackingTarget(Map.of("MLFLOW_TRACKING_URI", store))
          .keep(bench.home.run(id), Optional.empty());
    }
    assertThat(bench.home.run(id).resolve("tracking.json")).doesNotExist();
  }

  @Test
  void theServerOfARunIsSettledWhenItIsAskedFor() throws IOException {
    String id = bench.queued(1);
    Path folder = bench.home.run(id);
    new TrackingTarget(Map.of("MLFLOW_TRACKING_URI", "http://variable.example:5000"))
        .keep(folder, Optional.of("http://own.example:5000"));
    assertThat(Files.readString(folder.resolve("tracking.json")))
        .contains("own.example")
        .doesNotContain("variable.example");
  }

  @Test
  void parametersAreToldByTheirPath() throws IOException {
    String id = bench.queued(1);
    bench.work(id);
    FrozenExperiment frozen = FrozenExperiment.read(bench.home.run(id));
    Map<StepName, JsonNode> requests = new EnumMap<>(frozen.requests());
    ObjectNode train = Json.MAPPER.createObjectNode();
    train.putObject("optimizer").put("learningRate", 0.002);
    requests.put(StepName.TRAIN, train);
    new FrozenExperiment("demo", requests, frozen.resources()).write(bench.home.run(id));
    shipping.ship();
    assertThat(shipping.run("demo", id).getData().getParamsList())
        .anyMatch(
            param ->
                param.getKey().equals("train.optimizer.learningRate")
                    && param.getValue().equals("0.002"));
  }
}
