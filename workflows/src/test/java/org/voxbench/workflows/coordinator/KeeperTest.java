package org.voxbench.workflows.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.voxbench.steps.StepName;
import org.voxbench.workflows.journal.Run;
import org.voxbench.workflows.journal.RunState;
import org.voxbench.workflows.journal.StepRun;
import org.voxbench.workflows.run.RunBench;
import org.voxbench.workflows.run.RunObserver;
import org.voxbench.workflows.run.Store;

/** Clearing up while a run is about to take what nobody else needs. */
@Timeout(120)
class KeeperTest {

  /** To this clock everything is old enough to go. */
  private static final Instant LATER = Instant.parse("2126-01-01T00:00:00Z");

  @TempDir private Path folder = Path.of("");
  private RunBench bench;

  /** Outputs of all six steps that no run names any more. */
  @BeforeEach
  void outputsOfARunThatIsGone() throws IOException {
    bench = new RunBench(folder);
    String gone = bench.queued(1);
    work(gone);
    bench.journal().forget(gone);
    try (Stream<Path> files = Files.walk(bench.home().run(gone))) {
      files.sorted(Comparator.reverseOrder()).forEach(KeeperTest::delete);
    }
  }

  private static void delete(Path file) {
    try {
      Files.delete(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Run work(String id) {
    bench.lifecycle().begin(id);
    try {
      for (StepName step : StepName.values()) {
        bench.runner().run(id, step);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    bench.lifecycle().succeed(id);
    return bench.find(id);
  }

  private CompletableFuture<Cleared> clear(InstantSource clock) {
    Keeper keeper = new Keeper(bench.home(), bench.journal(), bench.tidying(), clock);
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return keeper.clear(null);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void allThere(Run run) throws IOException {
    assertThat(run.state()).isEqualTo(RunState.SUCCEEDED);
    for (StepRun step : run.steps()) {
      Path output =
          new Store(bench.home().store())
              .find(step.name(), String.valueOf(step.fingerprint()))
              .orElseThrow()
              .output();
      assertThat(output.resolve("out.txt")).isNotEmptyFile();
    }
  }

  @Test
  void whoClearsUpWaitsForARunThatIsJustTakingAnOutput() throws Exception {
    String id = bench.queued(1);
    CountDownLatch taking = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    bench
        .observers()
        .add(
            new RunObserver() {
              @Override
              public void changed(Run run) {
                if (run.step(StepName.DOWNLOAD).state() == RunState.SUCCEEDED
                    && taking.getCount() > 0) {
                  taking.countDown();
                  await(goOn);
                }
              }
            });

    CompletableFuture<Run> run = CompletableFuture.supplyAsync(() -> work(id));
    await(taking);
    CompletableFuture<Cleared> cleared = clear(() -> LATER);
    assertThat(cleared).isNotDone();
    goOn.countDown();

    cleared.get();
    allThere(run.get());
    assertThat(run.get().step(StepName.DOWNLOAD).reused()).isTrue();
  }

  @Test
  void aRunMakesAgainWhatWasClearedAwayBeforeItCouldTakeIt() throws Exception {
    String id = bench.queued(1);
    CountDownLatch clearing = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    AtomicBoolean first = new AtomicBoolean(true);
    CompletableFuture<Cleared> cleared =
        clear(
            () -> {
              if (first.getAndSet(false)) {
                clearing.countDown();
                await(goOn);
              }
              return LATER;
            });
    await(clearing);
    CompletableFuture<Run> run = CompletableFuture.supplyAsync(() -> work(id));
    assertThat(run).isNotDone();
    goOn.countDown();

    assertThat(cleared.get().items()).hasSize(StepName.values().length);
    allThere(run.get());
    assertThat(run.get().step(StepName.DOWNLOAD).reused()).isFalse();
  }

  @RepeatedTest(20)
  void howeverTheyMeetARunEndsWithAllItsOutputs() throws Exception {
    String id = bench.queued(1);
    CompletableFuture<Run> run = CompletableFuture.supplyAsync(() -> work(id));
    while (!run.isDone()) {
      clear(() -> LATER).get();
    }

    allThere(run.get());
  }
}
