package org.voxbench.workflows.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.voxbench.steps.PermanentStepException;
import org.voxbench.steps.StepName;
import org.voxbench.steps.StepStoppedException;
import org.voxbench.steps.TransientStepException;
import org.voxbench.workflows.config.Retries;
import org.voxbench.workflows.journal.Run;
import org.voxbench.workflows.journal.RunState;
import org.voxbench.workflows.run.RunBench;
import org.voxbench.workflows.sweep.SweepBook;
import org.voxbench.workflows.sweep.SweepBook.Frozen;
import org.voxbench.workflows.sweep.SweepRun;
import org.voxbench.workflows.sweep.SweepRun.Cell;
import org.voxbench.workflows.sweep.SweepWork;

class RoutesTest {

  private static final Retries AT_ONCE = new Retries(2, 0.001, 1);

  @TempDir private Path folder = Path.of("");

  @Test
  void aRunPassesThroughAllSixRoutesInOrder() throws IOException {
    RunBench bench = new RunBench(folder);

    Run run = route(bench);

    assertThat(run.state()).isEqualTo(RunState.SUCCEEDED);
    assertThat(bench.worked()).containsExactly(StepName.values());
  }

  @Test
  void aTransientFailureIsTriedAgainAndTheChainGoesOn() throws IOException {
    RunBench bench = new RunBench(folder);
    AtomicInteger tries = new AtomicInteger();
    bench.beforeTraining(
        () -> {
          if (tries.incrementAndGet() < 3) {
            throw new TransientStepException("the disk was busy");
          }
        });

    Run run = route(bench);

    assertThat(run.state()).isEqualTo(RunState.SUCCEEDED);
    assertThat(run.step(StepName.TRAIN).attempt()).isEqualTo(3);
  }

  @Test
  void aFailureThatStaysTransientFailsTheRunAfterTheLastTry() throws IOException {
    RunBench bench = new RunBench(folder);
    bench.beforeTraining(
        () -> {
          throw new TransientStepException("the disk was busy");
        });

    Run run = route(bench);

    assertThat(run.state()).isEqualTo(RunState.FAILED);
    assertThat(run.message()).isEqualTo("the disk was busy (given up after 3 attempts)");
    assertThat(run.step(StepName.TRAIN).attempt()).isEqualTo(3);
    assertThat(run.step(StepName.CHECKPOINT).state()).isEqualTo(RunState.QUEUED);
  }

  @Test
  void theExperimentSaysHowOftenAFailureThatMayPassIsTriedAgain() throws IOException {
    RunBench bench = new RunBench(folder);
    bench.retrying(new Retries(4, 0.001, 0.002));
    bench.beforeTraining(
        () -> {
          throw new TransientStepException("the disk was busy");
        });

    Run run = route(bench);

    assertThat(run.step(StepName.TRAIN).attempt()).isEqualTo(5);
    assertThat(run.message()).isEqualTo("the disk was busy (given up after 5 attempts)");
  }

  @ParameterizedTest
  @EnumSource(names = {"STOPPED", "CANCELLED"})
  @Timeout(60)
  void whoIsAskedToStopDuringALongPauseStopsAtOnce(RunState wanted) throws Exception {
    RunBench bench = new RunBench(folder);
    bench.retrying(new Retries(3, 600, 600));
    CountDownLatch failed = new CountDownLatch(1);
    bench.beforeTraining(
        () -> {
          failed.countDown();
          throw new TransientStepException("the disk was busy");
        });

    CompletableFuture<Run> run = CompletableFuture.supplyAsync(() -> routeUnchecked(bench));
    await(failed);
    if (wanted == RunState.STOPPED) {
      bench.askToStop("demo-1");
    } else {
      bench.cancel("demo-1");
    }

    assertThat(run.get().state()).isEqualTo(wanted);
    assertThat(run.get().step(StepName.TRAIN).attempt()).isEqualTo(1);
  }

  private static Run routeUnchecked(RunBench bench) {
    try {
      return route(bench);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aPermanentFailureIsNotTriedAgain() throws IOException {
    RunBench bench = new RunBench(folder);
    bench.beforeTraining(
        () -> {
          throw new PermanentStepException("case 3 has a NaN voxel");
        });

    Run run = route(bench);

    assertThat(run.state()).isEqualTo(RunState.FAILED);
    assertThat(run.message()).isEqualTo("case 3 has a NaN voxel");
    assertThat(run.step(StepName.TRAIN).attempt()).isEqualTo(1);
  }

  @Test
  void aStopIsRecordedAsAStop() throws IOException {
    RunBench bench = new RunBench(folder);
    bench.beforeTraining(
        () -> {
          bench.askToStop("demo-1");
          throw new StepStoppedException("stopped on request");
        });

    assertThat(route(bench).state()).isEqualTo(RunState.STOPPED);
  }

  @Test
  void aWorkerThatNobodyHereAskedToStopIsFollowedByAnother() throws IOException {
    RunBench bench = new RunBench(folder);
    AtomicInteger tries = new AtomicInteger();
    bench.beforeTraining(
        () -> {
          if (tries.incrementAndGet() == 1) {
            throw new StepStoppedException("the machine's owner sent a signal");
          }
        });

    Run run = route(bench);

    assertThat(run.state()).isEqualTo(RunState.SUCCEEDED);
    assertThat(run.step(StepName.TRAIN).attempt()).isEqualTo(2);
  }

  @Test
  void ofThoseThatWaitTheHighestPriorityIsTakenFirstThenTheOldest() throws Exception {
    RunBench bench = new RunBench(folder);
    CountDownLatch first = new CountDownLatch(1);
    CountDownLatch all = new CountDownLatch(1);
    bench.beforeTraining(
        () -> {
          first.countDown();
          await(all);
        });
    InstantSource clock = InstantSource.system();
    SweepWork sweeps =
        new SweepWork(new SweepBook(bench.home(), clock), bench.journal(), new NoCells(), clock);
    try (Routes routes = Routes.start(bench.runner(), bench.lifecycle(), AT_ONCE, 1, sweeps)) {
      routes.enqueue(bench.queued(1), 0);
      await(first);
      routes.enqueue(bench.queued(2), 0);
      routes.enqueue(bench.queued(3), 5);
      routes.enqueue(bench.queued(4), 0);
      routes.enqueue(bench.queued(5), 5);
      all.countDown();
      long deadline = System.nanoTime() + 60_000_000_000L;
      while (bench.journal().runs().counts().getOrDefault(RunState.SUCCEEDED, 0) < 5) {
        assertThat(System.nanoTime()).isLessThan(deadline);
        Thread.onSpinWait();
      }
    }
    List<String> order =
        Stream.of("demo-1", "demo-2", "demo-3", "demo-4", "demo-5")
            .sorted(
                Comparator.comparing(
                    id ->
                        bench
                            .journal()
                            .attempts()
                            .newest(id, StepName.DOWNLOAD)
                            .orElseThrow()
                            .fence()))
            .toList();
    assertThat(order).containsExactly("demo-1", "demo-3", "demo-5", "demo-2", "demo-4");
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Run route(RunBench bench) throws IOException {
    InstantSource clock = InstantSource.system();
    SweepWork sweeps =
        new SweepWork(new SweepBook(bench.home(), clock), bench.journal(), new NoCells(), clock);
    try (Routes routes = Routes.start(bench.runner(), bench.lifecycle(), AT_ONCE, 1, sweeps)) {
      String id = bench.queued(7);
      routes.work(id);
      return bench.find(id);
    }
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
