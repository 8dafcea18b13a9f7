package org.voxbench.workflows.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mlflow.api.proto.Service.Run;
import org.mlflow.api.proto.Service.RunStatus;
import org.voxbench.steps.PermanentStepException;
import org.voxbench.workflows.Json;
import org.voxbench.workflows.sweep.SweepRun;

/** The run that stands for a sweep says where the sweep stands, not where its last cell does. */
class SweepTrackingTest {

  private static final Instant CREATED = Instant.parse("2026-01-01T00:00:00Z");
  private static final Instant ENDED = Instant.parse("2026-01-01T01:00:00Z");

  private RunBench bench;
  private Shipping shipping;
  private String first;
  private String second;

  @BeforeEach
  void twoCells(@TempDir Path folder) throws IOException {
    bench = new RunBench(folder);
    shipping = new Shipping(bench);
    first = bench.queued(7);
    second = bench.queued(8);
    shipping.join(first, "nightly-1");
    shipping.join(second, "nightly-1");
    save(SweepRun.State.RUNNING, null);
  }

  @AfterEach
  void close() {
    shipping.close();
  }

  private void save(SweepRun.State state, @Nullable Instant finished) throws IOException {
    List<SweepRun.Cell> cells =
        List.of(
            new SweepRun.Cell(Map.of("number", "7"), "0".repeat(64), first),
            new SweepRun.Cell(Map.of("number", "8"), "1".repeat(64), second));
    SweepRun.Order order = new SweepRun.Order(false, 1, 0, null, null, null);
    SweepRun sweep =
        new SweepRun("nightly-1", "nightly", state, CREATED, finished, null, order, cells);
    Path folder = bench.home.root().resolve("sweeps/nightly-1");
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("report.md"), "# nightly\n");
    Files.write(folder.resolve("sweep.json"), Json.MAPPER.writeValueAsBytes(sweep));
  }

  private Run parent() {
    return shipping.run("nightly", "nightly-1");
  }

  @Test
  void theParentRunsWhileACellIsUnfinishedAndEndsWithTheSweep() throws IOException {
    bench.work(first);
    shipping.ship();
    assertThat(parent().getInfo().getStatus()).isEqualTo(RunStatus.RUNNING);
    assertThat(parent().getInfo().getEndTime()).isZero();
    assertThat(Shipping.tag(parent(), "voxbench.cells")).isEqualTo("1 of 2 ended, 1 succeeded");

    bench.work(second);
    save(SweepRun.State.SUCCEEDED, ENDED);
    shipping.ship();
    assertThat(parent().getInfo().getStatus()).isEqualTo(RunStatus.FINISHED);
    assertThat(parent().getInfo().getStartTime()).isEqualTo(CREATED.toEpochMilli());
    assertThat(parent().getInfo().getEndTime()).isEqualTo(ENDED.toEpochMilli());
  }

  @Test
  void itsCellsAreItsChildrenInOneExperiment() throws IOException {
    bench.work(first);
    bench.work(second);
    shipping.ship();
    String parent = parent().getInfo().getRunId();
    assertThat(shipping.runs("nightly"))
        .hasSize(3)
        .filteredOn(run -> Shipping.tag(run, "mlflow.parentRunId").equals(parent))
        .hasSize(2);
  }

  @Test
  void aSweepWithAFailedCellIsAFailedRun() throws IOException {
    bench.work(first);
    bench.steps.before =
        context -> {
          throw new PermanentStepException("no");
        };
    bench.work(second);
    save(SweepRun.State.FAILED, ENDED);
    shipping.ship();
    assertThat(parent().getInfo().getStatus()).isEqualTo(RunStatus.FAILED);
    assertThat(shipping.artifacts(parent(), "report")).containsExactly("report/report.md");
  }

  @Test
  void anEndThatCouldNotBeToldIsToldLaterThoughNoRunChangedSince() throws IOException {
    bench.work(first);
    bench.work(second);
    shipping.ship();
    save(SweepRun.State.CANCELLED, ENDED);
    shipping.ship();
    assertThat(parent().getInfo().getStatus()).isEqualTo(RunStatus.KILLED);
  }
}
