package org.voxbench.workflows.observe;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.voxbench.steps.StepName;
import org.voxbench.workflows.Json;
import org.voxbench.workflows.config.Retries;
import org.voxbench.workflows.observe.Health.Look;
import org.voxbench.workflows.observe.Metrics.Sources;
import org.voxbench.workflows.routes.Routes;
import org.voxbench.workflows.run.RunBench;
import org.voxbench.workflows.shipping.Backlog;
import org.voxbench.workflows.sweep.SweepBook;
import org.voxbench.workflows.sweep.SweepBook.Frozen;
import org.voxbench.workflows.sweep.SweepRun;
import org.voxbench.workflows.sweep.SweepRun.Cell;
import org.voxbench.workflows.sweep.SweepWork;

class ObserveTest {

  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.parse("2026-01-01T00:00:00Z"));

  private final RunBench bench;
  private final Metrics metrics;

  ObserveTest(@TempDir Path folder) {
    bench = new RunBench(folder);
    Sources sources =
        new Sources(
            () -> Map.of("cpu/0", "demo-1 train", "cpu/1", ""),
            () -> 7,
            () -> List.of(new Backlog("embedded", "http://x", 3, "")));
    metrics = new Metrics(bench.home(), bench.journal(), sources, CLOCK);
    bench.observers().add(metrics.observer());
  }

  private Routes routes() {
    SweepWork sweeps =
        new SweepWork(new SweepBook(bench.home(), CLOCK), bench.journal(), new NoCells(), CLOCK);
    return Routes.start(
        bench.runner(), bench.lifecycle(), new Retries(0, 1, 1), 1, sweeps, metrics::watch);
  }

  @Test
  void theFiguresSayWhatRunsAndStepsDid() throws IOException {
    try (Routes routes = routes()) {
      routes.work(bench.queued(1));
      // The same once more: everything is reused.
      routes.work(bench.queued(1));

      List<String> lines = metrics.text().lines().toList();

      assertThat(lines)
          .contains(
              "voxbench_runs{state=\"succeeded\"} 2.0",
              "voxbench_runs{state=\"running\"} 0.0",
              "voxbench_queue_depth 7.0",
              "voxbench_slot_in_use{slot=\"cpu/0\"} 1.0",
              "voxbench_slot_in_use{slot=\"cpu/1\"} 0.0",
              "voxbench_tracking_backlog_runs{target=\"embedded\"} 3.0",
              "voxbench_attempts_total{step=\"train\"} 1.0",
              "voxbench_step_seconds_count{outcome=\"succeeded\",step=\"train\"} 1",
              "voxbench_step_seconds_count{outcome=\"reused\",step=\"train\"} 1")
          .anyMatch(line -> line.matches("camel_exchanges_total\\{.*routeId=\"train\"} 2.0"))
          .anyMatch(line -> line.startsWith("jvm_memory_used_bytes{"))
          .anyMatch(line -> line.startsWith("disk_free_bytes{"));
    }
  }

  @Test
  void healthIsThatOfTheWorstAndLivesOnWithoutADisk() {
    Map<String, Look> looks = new java.util.HashMap<>(Map.of("database", () -> "2 runs"));
    try (Routes routes = routes()) {
      assertThat(new Health(routes.camel(), looks).ready().up()).isTrue();

      looks.put(
          "disk",
          () -> {
            throw new IllegalStateException("the disk is full");
          });
      Health health = new Health(routes.camel(), looks);

      assertThat(health.ready().status()).isEqualTo("DOWN");
      assertThat(health.ready().checks())
          .contains(
              new Health.Check("database", "UP", "2 runs"),
              new Health.Check("disk", "DOWN", "the disk is full"))
          .anyMatch(check -> check.name().equals("routes") && check.status().equals("UP"));
      assertThat(health.live().up()).isTrue();
    }
  }

  @Test
  void theLineageNamesWhatEachStepReadAndMade() throws IOException {
    Lineage lineage = new Lineage(bench.home(), bench.catalogue());
    bench.observers().add(lineage.observer());
    String first = bench.queued(1);
    String second = bench.queued(1);
    try (Routes routes = routes()) {
      routes.work(first);
      routes.work(second);
    }

    JsonNode events = Json.MAPPER.readTree(Files.readAllBytes(bench.home().lineage(second)));

    assertThat(events).hasSize(StepName.values().length);
    List<String> made = new ArrayList<>();
    for (JsonNode event : events) {
      assertThat(event.path("eventType").asText()).isEqualTo("COMPLETE");
      assertThat(Instant.parse(event.path("eventTime").asText())).isNotNull();
      assertThat(UUID.fromString(event.at("/run/runId").asText())).isNotNull();
      assertThat(event.path("producer").asText()).startsWith("https://");
      assertThat(event.path("schemaURL").asText()).contains("RunEvent");
      assertThat(event.at("/job/namespace").asText()).isEqualTo("voxbench");
      event.path("inputs").forEach(input -> assertThat(made).contains(input.path("name").asText()));
      event.path("outputs").forEach(output -> made.add(output.path("name").asText()));
      assertThat(event.at("/outputs/0/facets/version/datasetVersion").asText())
          .matches("sha256:[0-9a-f]{64}");
      assertThat(event.at("/run/facets/voxbench/madeBy").asText()).isEqualTo(first);
      assertThat(event.at("/run/facets/voxbench/reused").asBoolean()).isTrue();
    }
    assertThat(events.at("/2/inputs/0/name").asText()).startsWith("store/");
    assertThat(events.toString()).isEqualTo(lineage.events(bench.find(second)).toString());
  }

  /** No sweep here. */
  private static final class NoCells implements SweepWork.CellDesk {

    @Override
    public String submit(Frozen frozen, SweepRun sweep, Cell cell) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void resume(String run) {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean stopping() {
      return false;
    }
  }
}
