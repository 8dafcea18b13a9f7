package org.voxbench.workflows.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.voxbench.steps.PermanentStepException;
import org.voxbench.steps.StepName;
import org.voxbench.steps.StepStoppedException;
import org.voxbench.workflows.Json;
import org.voxbench.workflows.journal.AttemptJournal;
import org.voxbench.workflows.journal.AttemptJournal.Attempt;
import org.voxbench.workflows.journal.Run;
import org.voxbench.workflows.journal.RunState;
import org.voxbench.workflows.journal.StepRun;

class StepRunnerTest {

  @TempDir private Path folder = Path.of("");
  private RunBench bench;

  @BeforeEach
  void openBench() {
    bench = new RunBench(folder);
  }

  @Test
  void aRunDoesEachStepOnceAndPublishesEveryOutput() throws IOException {
    Run run = bench.work(bench.queued(7));

    assertThat(run.state()).isEqualTo(RunState.SUCCEEDED);
    assertThat(bench.steps.worked).containsExactly(StepName.values());
    assertThat(run.metrics()).containsEntry("report.number", 7.0);
    assertThat(Files.readString(published(run, StepName.PREPROCESS)))
        .isEqualTo("preprocess 7\ndownload 7\n");
  }

  @Test
  void theSameExperimentAgainReusesEveryStepAndSaysFromWhere() throws IOException {
    bench.work(bench.queued(7));
    bench.steps.worked.clear();

    Run again = bench.work(bench.queued(7));

    assertThat(bench.steps.worked).isEmpty();
    assertThat(again.steps()).allMatch(StepRun::reused);
    assertThat(again.step(StepName.TRAIN).reason())
        .isEqualTo("same settings and inputs as in run demo-1");
    assertThat(again.metrics()).containsEntry("train.number", 7.0);
    assertThat(bench.journal.curves().curve(again.id(), "train.number")).hasSize(1);
  }

  @Test
  void aChangedSettingIsNamedAndOnlyWhatDependsOnItIsDoneAgain() throws IOException {
    bench.work(bench.queued(7));
    bench.steps.worked.clear();
    Map<StepName, JsonNode> requests = new EnumMap<>(StepName.class);
    for (StepName step : StepName.values()) {
      int number = step == StepName.TRAIN ? 8 : 7;
      requests.put(step, Json.MAPPER.createObjectNode().put("number", number));
    }

    Run changed = bench.work(bench.queued(requests));

    assertThat(bench.steps.worked)
        .containsExactly(StepName.TRAIN, StepName.CHECKPOINT, StepName.EVALUATE, StepName.REPORT);
    assertThat(changed.step(StepName.TRAIN).reason())
        .contains("differs from run demo-1: number 7 -> 8");
    assertThat(changed.step(StepName.CHECKPOINT).reason()).contains("content of train");
  }

  @Test
  void aStoppedRunGoesOnFromWhatItsStepLeftBehind() throws IOException {
    List<String> found = new ArrayList<>();
    bench.steps.before =
        context -> {
          context.earlier().ifPresent(earlier -> found.add(read(earlier.resolve("half.txt"))));
          if (found.isEmpty()) {
            write(context.output().resolve("half.txt"), "half done");
            context.listener().metric("train.loss", 0.5, 1);
            bench.askToStop("demo-1");
            throw new StepStoppedException("stopped at half");
          }
        };
    String id = bench.queued(7);

    Run stopped = bench.work(id);
    bench.journal.save(stopped.requeued());
    Run resumed = bench.work(id);

    assertThat(stopped.state()).isEqualTo(RunState.STOPPED);
    assertThat(stopped.message()).isEqualTo("paused on request");
    assertThat(found).containsExactly("half done");
    assertThat(resumed.state()).isEqualTo(RunState.SUCCEEDED);
    assertThat(resumed.step(StepName.DOWNLOAD).reused()).isTrue();
    assertThat(resumed.step(StepName.TRAIN).attempt()).isEqualTo(2);
    assertThat(resumed.step(StepName.TRAIN).reason()).contains("goes on from");
    assertThat(bench.journal.curves().curve(id, "train.loss")).hasSize(1);
  }

  @Test
  void aDamagedOutputIsFoundAndMadeAgain() throws IOException {
    Run first = bench.work(bench.queued(7));
    Files.writeString(published(first, StepName.PREPROCESS), "rot");
    bench.steps.worked.clear();

    Run again = bench.work(bench.queued(7));

    assertThat(bench.steps.worked).containsExactly(StepName.PREPROCESS);
    assertThat(again.step(StepName.PREPROCESS).reason())
        .isEqualTo("the earlier output is damaged (out.txt): made again");
    assertThat(Files.readString(published(again, StepName.PREPROCESS))).startsWith("preprocess 7");
    assertThat(again.step(StepName.TRAIN).reused()).isTrue();
  }

  @Test
  void aDamagedManifestIsNamedAndItsCureHelps() throws IOException {
    Run first = bench.work(bench.queued(7));
    Path output = published(first, StepName.PREPROCESS).resolveSibling("").resolveSibling("");
    Files.writeString(output.resolve("manifest.json"), "{\"run\": \"demo-1\"}");

    String next = bench.queued(7);
    assertThatThrownBy(() -> bench.work(next))
        .hasMessage(
            output.resolve("manifest.json")
                + " is damaged: Missing creator property 'fingerprint' (index 1). Move its folder"
                + " away, and what it holds is computed again");

    Files.move(output, folder.resolve("away"));
    assertThat(bench.work(bench.queued(7)).state()).isEqualTo(RunState.SUCCEEDED);
  }

  @Test
  void aFailedStepFailsTheRunWithItsMessageAndKeepsWhatWasDone() throws IOException {
    bench.steps.before =
        context -> {
          throw new PermanentStepException("case 3: expected labels 0..5 but found 9");
        };

    Run run = bench.work(bench.queued(7));

    assertThat(run.state()).isEqualTo(RunState.FAILED);
    assertThat(run.message()).isEqualTo("case 3: expected labels 0..5 but found 9");
    assertThat(run.step(StepName.DOWNLOAD).state()).isEqualTo(RunState.SUCCEEDED);
    assertThat(run.step(StepName.TRAIN).state()).isEqualTo(RunState.FAILED);
    assertThat(run.step(StepName.REPORT).state()).isEqualTo(RunState.QUEUED);
  }

  @Test
  void aRunWhoseCoordinatorDiedWaitsAgainAndGoesOn() throws IOException {
    String id = bench.queued(7);
    assertThat(bench.lifecycle.begin(id)).isTrue();

    Recovery.Found found = bench.recovery.recover();

    assertThat(found.waiting()).containsExactly(id);
    assertThat(bench.find(id).state()).isEqualTo(RunState.QUEUED);
    assertThat(bench.work(id).state()).isEqualTo(RunState.SUCCEEDED);
  }

  @Test
  void anAttemptThatTheIndexThinksOpenThoughItsOutputIsPublishedKeepsNoSlot() throws IOException {
    Run done = bench.work(bench.queued(7));
    AttemptJournal attempts = bench.journal.attempts();
    Attempt train = attempts.newest(done.id(), StepName.TRAIN).orElseThrow();
    String fingerprint = Objects.requireNonNull(done.step(StepName.TRAIN).fingerprint());
    attempts.withdraw(train);
    attempts.restore(train, fingerprint, RunState.RUNNING);
    assertThat(bench.journal.slots().take(List.of("cpu/0"), done.id(), StepName.TRAIN)).isPresent();

    Recovery.Found found = bench.recovery.recover();

    assertThat(found.adoptable()).isEmpty();
    assertThat(attempts.open()).isEmpty();
    assertThat(attempts.unfinished(fingerprint)).isEmpty();
    assertThat(bench.journal.slots().uses()).isEmpty();
    assertThat(bench.work(bench.queued(8)).state()).isEqualTo(RunState.SUCCEEDED);
  }

  private Path published(Run run, StepName step) {
    String fingerprint = Objects.requireNonNull(run.step(step).fingerprint());
    return new Store(bench.home.store()).output(step, fingerprint).resolve("out.txt");
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
