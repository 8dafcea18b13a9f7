package org.voxbench.steps.preprocess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.voxbench.steps.StepResult;
import org.voxbench.steps.StepStoppedException;
import org.voxbench.steps.StopSignal;
import org.voxbench.steps.dataset.CaseStore;
import org.voxbench.steps.dataset.Claim;
import org.voxbench.steps.dataset.PreparedDataset;

@Timeout(120)
class SharedCasesConcurrencyTest {

  private static final StopSignal NEVER = () -> false;
  private static final Preprocess.Request CT = RawFixture.request("CT");
  private static final List<String> IDS = List.of("a", "b", "c", "d", "e", "f");

  @Test
  void twoRunsOfOneProcessPrepareEveryCaseOnce(@TempDir Path folder)
      throws IOException, InterruptedException, ExecutionException {
    RawFixture fixture = fixture(folder);
    Path one = folder.resolve("one");
    Path two = folder.resolve("two");
    ExecutorService pool = Executors.newFixedThreadPool(2);
    try {
      Future<StepResult> first =
          pool.submit(() -> new Preprocess().run(CT, fixture.sharing(2, one, NEVER)));
      Future<StepResult> second =
          pool.submit(() -> new Preprocess().run(CT, fixture.sharing(2, two, NEVER)));
      first.get();
      second.get();
    } finally {
      pool.shutdownNow();
    }

    theyShareEveryCase(fixture, one, two);
  }

  @Test
  void twoProcessesPrepareEveryCaseOnce(@TempDir Path folder)
      throws IOException, InterruptedException {
    RawFixture fixture = fixture(folder);
    Path one = folder.resolve("one");
    Path two = folder.resolve("two");
    Path log = folder.resolve("one.log");
    Path otherLog = folder.resolve("two.log");

    Process first = PreprocessElsewhere.start(fixture.raw, one, fixture.shared(), log);
    Process second = PreprocessElsewhere.start(fixture.raw, two, fixture.shared(), otherLog);

    assertThat(first.waitFor()).as(Files.readString(log)).isZero();
    assertThat(second.waitFor()).as(Files.readString(otherLog)).isZero();
    theyShareEveryCase(fixture, one, two);
  }

  @Test
  void aKilledProcessLeavesNoClaimBehind(@TempDir Path folder)
      throws IOException, InterruptedException {
    RawFixture fixture = fixture(folder);
    Process killed =
        PreprocessElsewhere.start(
            fixture.raw, folder.resolve("one"), fixture.shared(), folder.resolve("one.log"));
    while (killed.isAlive() && new CaseStore(fixture.shared()).entries().isEmpty()) {
      Thread.onSpinWait();
    }
    killed.destroyForcibly().waitFor();

    Path two = folder.resolve("two");
    new Preprocess().run(CT, fixture.sharing(2, two, NEVER));

    assertThat(PreparedDataset.open(two).cases()).hasSize(IDS.size());
    Path alone = Files.createDirectories(folder.resolve("alone"));
    new Preprocess().run(CT, fixture.context(2, alone, Optional.empty(), NEVER));
    assertThat(RawFixture.bytes(two)).isEqualTo(RawFixture.bytes(alone));
  }

  @Test
  void whoWaitsForAnotherRunSaysSoAndCanBeStopped(@TempDir Path folder) throws IOException {
    RawFixture fixture = new RawFixture(folder).add("a").declare("CT");
    new Preprocess().run(CT, fixture.sharing(1, fixture.out, NEVER));
    CaseStore store = new CaseStore(fixture.shared());
    CaseStore.Entry entry = store.entries().get(0);
    String key = entry.folder().getFileName().toString();
    store.remove(entry);
    String waiting = "case a is just being prepared by somebody else: waiting for it";
    StopSignal whenWaiting = () -> fixture.told.contains(waiting);

    try (Claim claim = store.claim(key).orElseThrow()) {
      assertThat(store.claim(key)).as("held by %s", claim).isEmpty();
      assertThatThrownBy(
              () ->
                  new Preprocess().run(CT, fixture.sharing(1, folder.resolve("two"), whenWaiting)))
          .isInstanceOf(StepStoppedException.class)
          .hasMessage("stopped on request while waiting for case a");
    }
    assertThat(fixture.told).containsOnlyOnce(waiting);
    new Preprocess().run(CT, fixture.sharing(1, folder.resolve("three"), NEVER));
    assertThat(PreparedDataset.open(folder.resolve("three")).cases()).hasSize(1);
  }

  private static RawFixture fixture(Path folder) throws IOException {
    RawFixture fixture = new RawFixture(folder);
    for (String id : IDS) {
      fixture.add(id);
    }
    return fixture.declare("CT");
  }

  private static void theyShareEveryCase(RawFixture fixture, Path one, Path two)
      throws IOException {
    Map<String, String> bytes = RawFixture.bytes(one);
    assertThat(bytes).hasSize(IDS.size() * 4 + 3).isEqualTo(RawFixture.bytes(two));
    Set<Object> files = new HashSet<>();
    for (Path output : List.of(one, two)) {
      for (String id : IDS) {
        files.add(Files.getAttribute(output.resolve("cases/" + id + "/image.f32"), "unix:ino"));
      }
    }
    assertThat(files).as("files on disk").hasSize(IDS.size());
    assertThat(new CaseStore(fixture.shared()).entries())
        .hasSize(IDS.size())
        .allMatch(CaseStore.Entry::used);
  }
}
