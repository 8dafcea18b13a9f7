package org.voxbench.workflows.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.voxbench.steps.StepContext;
import org.voxbench.steps.StepName;
import org.voxbench.steps.StepStoppedException;
import org.voxbench.workflows.Json;
import org.voxbench.workflows.journal.AttemptJournal.Claim;
import org.voxbench.workflows.journal.Run;
import org.voxbench.workflows.journal.RunIndex;
import org.voxbench.workflows.journal.RunIndex.Filter;
import org.voxbench.workflows.journal.RunState;

class RunFoldersTest {

  @TempDir private Path folder = Path.of("");
  private RunBench bench;
  private RunFolders folders;

  @BeforeEach
  void openBench() {
    bench = new RunBench(folder);
    folders = new RunFolders(bench.home, bench.journal);
  }

  private List<Run> indexed() {
    return bench.journal.runs().find(Filter.ALL, RunIndex.Sort.CREATED, 100);
  }

  private static void stopAtHalf(StepContext context, RunBench bench) {
    if (context.earlier().isEmpty()) {
      try {
        Files.writeString(context.output().resolve("half.txt"), "half");
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      bench.askToStop("demo-1");
      throw new StepStoppedException("stopped at half");
    }
  }

  @Test
  void anIndexBuiltFromTheFoldersIsTheOneThatWasThere() throws IOException {
    Run one = bench.work(bench.queued(1));
    Run two = bench.work(bench.queued(2));

    RunFolders.Outcome outcome = folders.reindex();

    assertThat(outcome.runs()).isEqualTo(2);
    assertThat(outcome.problems()).isEmpty();
    assertThat(indexed()).containsExactlyInAnyOrder(one, two);
    assertThat(bench.journal.curves().curve(one.id(), "train.number")).hasSize(1);
    assertThat(bench.journal.attempts().newest(two.id(), StepName.TRAIN)).isPresent();
  }

  @Test
  void afterARebuiltIndexAStoppedStepStillGoesOnFromWhatItLeft() throws IOException {
    bench.steps.before = context -> stopAtHalf(context, bench);
    String id = bench.queued(7);
    bench.work(id);

    folders.reindex();
    bench.journal.update(id, Run::requeued);
    Run resumed = bench.work(id);

    assertThat(resumed.state()).isEqualTo(RunState.SUCCEEDED);
    assertThat(resumed.step(StepName.TRAIN).reason()).contains("goes on from");
  }

  @Test
  void aStoppedRunOfAnotherHomeFolderGoesOnFromWhatItLeft() throws IOException {
    RunBench other = new RunBench(folder.resolve("other"));
    other.steps.before = context -> stopAtHalf(context, other);
    Run stopped = other.work(other.queued(7));
    bench.work(bench.queued(1));
    Path copy = bench.home.run("copied-1");
    try (var files = Files.walk(other.home.run(stopped.id()))) {
      for (Path file : files.toList()) {
        Files.copy(file, copy.resolve(other.home.run(stopped.id()).relativize(file).toString()));
      }
    }
    Path json = copy.resolve("run.json");
    Files.writeString(json, Files.readString(json).replace("\"demo-1\"", "\"copied-1\""));

    assertThat(folders.catchUp().problems()).isEmpty();
    bench.journal.update("copied-1", Run::requeued);
    Run resumed = bench.work("copied-1");

    assertThat(resumed.state()).isEqualTo(RunState.SUCCEEDED);
    assertThat(resumed.step(StepName.TRAIN).reason()).contains("goes on from");
    assertThat(folders.reindex().problems()).isEmpty();
  }

  @Test
  void theFencesOfARebuiltIndexGoOnWhereTheOldOnesEnded() throws IOException {
    Run run = bench.work(bench.queued(1));
    long before = bench.journal.attempts().newest(run.id(), StepName.REPORT).orElseThrow().fence();

    folders.reindex();
    Claim claim = new Claim("x-1", StepName.TRAIN, 1, "f".repeat(64), folder);
    long after =
        bench
            .journal
            .attempts()
            .open(claim, java.time.Instant.parse("2026-01-01T00:00:00Z"))
            .orElseThrow()
            .fence();

    assertThat(after).isGreaterThan(before);
  }

  @Test
  void aRunWhoseFolderWasDeletedByHandIsForgotten() throws IOException {
    Run gone = bench.work(bench.queued(1));
    Run stays = bench.work(bench.queued(2));
    OwnershipProperties.delete(bench.home.run(gone.id()));

    assertThat(folders.catchUp().forgotten()).isEqualTo(1);
    assertThat(indexed()).containsExactly(stays);
    assertThat(bench.journal.attempts().newest(gone.id(), StepName.TRAIN)).isEmpty();
  }

  @Test
  void aFolderDeletedWhileItsRunIsWorkedOnEndsTheRunAndNothingElse() throws IOException {
    String id = bench.queued(1);
    bench.steps.before =
        context -> {
          try {
            OwnershipProperties.delete(bench.home.run(id));
          } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
          }
        };
    bench.lifecycle.begin(id);
    try {
      for (StepName step : StepName.values()) {
        bench.runner.run(id, step);
      }
    } catch (IOException | RuntimeException e) {
      bench.lifecycle.fail(id, e);
    }

    assertThat(bench.journal.find(id)).isEmpty();
    bench.steps.before = context -> {};
    assertThat(bench.work(bench.queued(1)).state()).isEqualTo(RunState.SUCCEEDED);
  }

  @Test
  void aFileThatIsNewerThanItsRowWins() throws IOException {
    Run run = bench.work(bench.queued(1));
    Run changed = run.requeued("written just before a crash");
    Path file = bench.journal.file(run.id());
    Files.write(file, Json.MAPPER.writeValueAsBytes(changed));
    Files.setLastModifiedTime(file, FileTime.fromMillis(4_000_000_000_000L));

    folders.catchUp();

    assertThat(bench.find(run.id())).isEqualTo(changed);
  }

  @Test
  void aDamagedRunFileIsNamedAndTheOthersAreIndexed() throws IOException {
    Run good = bench.work(bench.queued(1));
    Run bad = bench.work(bench.queued(2));
    Files.writeString(bench.journal.file(bad.id()), "{\"id\": \"de");

    RunFolders.Outcome outcome = folders.reindex();

    assertThat(outcome.problems()).singleElement().asString().contains(bad.id());
    assertThat(indexed()).containsExactly(good);
  }
}
