package org.voxbench.workflows.keep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.voxbench.workflows.Home;
import org.voxbench.workflows.Json;
import org.voxbench.workflows.journal.Run;
import org.voxbench.workflows.journal.RunState;

class GarbageTest {

  private static final InstantSource LATER =
      InstantSource.fixed(Instant.parse("2126-01-01T00:00:00Z"));

  @TempDir private Path folder = Path.of("");
  private Home home = new Home(Path.of(""));
  private Path used = Path.of("");
  private Path unused = Path.of("");

  @BeforeEach
  void makeHome() throws IOException {
    home = new Home(folder.resolve("home")).prepared();
    used = output("train", "a".repeat(16));
    unused = output("train", "b".repeat(16));
    run("demo-1", "a".repeat(64));
  }

  private Path output(String step, String name) throws IOException {
    Path output = home.store().resolve(step).resolve(name);
    Files.createDirectories(output.resolve("output"));
    Files.writeString(output.resolve("output/out.txt"), name);
    Files.writeString(output.resolve("manifest.json"), "{}");
    return output;
  }

  private void run(String id, String fingerprint) throws IOException {
    Run run =
        Run.queued(id, "demo", Instant.EPOCH)
            .with(
                org.voxbench.steps.StepName.TRAIN,
                s ->
                    s.become(RunState.RUNNING, null)
                        .decided(false, "new", fingerprint)
                        .numbered(1)
                        .become(RunState.SUCCEEDED, null))
            .become(RunState.RUNNING, null, null)
            .become(RunState.SUCCEEDED, Instant.EPOCH, null);
    Files.createDirectories(home.run(id).resolve("train/attempt-1"));
    Files.write(home.run(id).resolve("run.json"), Json.MAPPER.writeValueAsBytes(run));
  }

  @Test
  void onlyOutputsThatNoRunNamesAreGarbage() throws IOException {
    Garbage garbage = new Garbage(home, LATER);

    List<Garbage.Item> items = garbage.find();
    for (Garbage.Item item : items) {
      garbage.remove(item);
    }

    assertThat(items).extracting(Garbage.Item::folder).containsExactly(unused);
    assertThat(used).exists();
    assertThat(unused).doesNotExist();
  }

  @Test
  void whatNoStepPublishedIsNotTouched() throws IOException {
    Path other = home.store().resolve("shared/cases");
    Files.createDirectories(other);
    Path foreign = home.store().resolve("train/not-a-step-output");
    Files.createDirectories(foreign);

    assertThat(new Garbage(home, LATER).find())
        .extracting(Garbage.Item::folder)
        .containsExactly(unused);
  }

  @Test
  void whatIsYoungMayBelongToSomebodyWhoIsAboutToSaySo() throws IOException {
    Instant now = Files.getLastModifiedTime(unused).toInstant().plusSeconds(60);

    assertThat(new Garbage(home, InstantSource.fixed(now)).find()).isEmpty();
  }

  @Test
  void aPinnedRunIsNeverOld() throws IOException {
    Garbage garbage = new Garbage(home, LATER);
    assertThat(garbage.endedBefore(Duration.ofDays(30))).hasSize(1);

    garbage.pin("demo-1", true);
    assertThat(garbage.endedBefore(Duration.ofDays(30))).isEmpty();

    garbage.pin("demo-1", false);
    assertThat(garbage.pins()).isEmpty();
  }

  @Test
  void aRunTravelsInAnArchiveWithItsOutputs() throws IOException {
    Path file = folder.resolve("demo.zip");
    Run run = Json.MAPPER.readValue(home.run("demo-1").resolve("run.json").toFile(), Run.class);
    RunArchive.save(file, out -> new RunArchive(home).export(run, out));
    Home other = new Home(folder.resolve("other")).prepared();

    assertThat(new RunArchive(other).take(file)).isEqualTo("demo-1");
    assertThat(other.run("demo-1").resolve("run.json"))
        .hasSameBinaryContentAs(home.run("demo-1").resolve("run.json"));
    assertThat(other.store().resolve("train/" + "a".repeat(16) + "/output/out.txt")).exists();
    assertThat(other.store().resolve("train/" + "b".repeat(16))).doesNotExist();
    assertThatThrownBy(() -> new RunArchive(other).take(file)).hasMessageContaining("is there");
    assertThatThrownBy(() -> RunArchive.save(file, out -> new RunArchive(home).export(run, out)))
        .hasMessageContaining("expected no such file");
  }

  @Test
  void anArchiveThatLeadsOutOfTheHomeFolderIsRefusedAndLeavesNothing() throws IOException {
    Path file = folder.resolve("evil.zip");
    try (var zip = new java.util.zip.ZipOutputStream(Files.newOutputStream(file))) {
      zip.putNextEntry(new java.util.zip.ZipEntry("runs/demo-9/run.json"));
      zip.write(Files.readAllBytes(home.run("demo-1").resolve("run.json")));
      zip.putNextEntry(new java.util.zip.ZipEntry("../../evil.txt"));
      zip.write(1);
    }
    Home other = new Home(folder.resolve("other")).prepared();

    assertThatThrownBy(() -> new RunArchive(other).take(file))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(other.run("demo-9")).doesNotExist();
    assertThat(folder.resolve("evil.txt")).doesNotExist();
    assertThatThrownBy(() -> new RunArchive(other).take(Files.writeString(file, "no zip")))
        .hasMessageContaining("evil.zip");
  }

  @Test
  void aBackupFillsAnEmptyHomeFolder() throws IOException {
    Path file = folder.resolve("backup.zip");
    Files.writeString(home.root().resolve("token"), "secret");
    RunArchive.save(file, new RunArchive(home)::backup);
    Home other = new Home(folder.resolve("other")).prepared();

    new RunArchive(other).restore(file);

    assertThat(other.run("demo-1").resolve("run.json")).exists();
    assertThat(other.store().resolve("train/" + "b".repeat(16))).exists();
    assertThat(other.root().resolve("token")).doesNotExist();
    assertThatThrownBy(() -> new RunArchive(other).restore(file))
        .hasMessageContaining("without runs");
  }
}
