package org.voxbench.workflows.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.voxbench.workflows.cli.SmallDisk.Said;
import org.voxbench.workflows.journal.Run;
import org.voxbench.workflows.journal.RunState;

/** The real command line with its home folder on a small disk, which another file fills up. */
@Tag("slow")
@Timeout(900)
class FullHomeTest {

  private static final int DISK_MEBIBYTES = 640;
  private static final int CHUNK = 1 << 20;
  private static final String EXPERIMENT =
      """
      extends: %s
      name: small
      dataset:
        split: {kind: listed, validation: [phantom_002]}
        source: {kind: phantom, anatomy: ct-abdomen, cases: 2, seed: 20}
      train:
        epochs: 6
        iterationsPerEpoch: 2
        schedule: {kind: poly, per: iteration, warmup: 1}
        validation: {every: 6, batches: 1}
      evaluate: {overlap: 0}
      resources: {threads: 1}
      """;

  @TempDir private Path folder = Path.of("");
  private @Nullable SmallDisk mounted;

  @BeforeEach
  void mount() throws IOException {
    Path quickstart =
        Path.of("..", "configs", "experiments", "quickstart.yaml").toAbsolutePath().normalize();
    Files.writeString(folder.resolve("small.yaml"), EXPERIMENT.formatted(quickstart));
    assumeThat(Path.of("/proc/self/ns/mnt")).as("mount namespaces are Linux's").exists();
    SmallDisk disk = SmallDisk.mounted(Files.createDirectory(folder.resolve("home")));
    mounted = disk;
    Said said = disk.shell("mount -t tmpfs -o size=" + DISK_MEBIBYTES + "m none home");
    assumeThat(said.code()).as("to mount a disk one has to be root: " + said.text()).isZero();
    Path natives = Path.of(System.getProperty("java.io.tmpdir"), "voxbench-test-natives");
    Files.createDirectories(natives);
    assertThat(disk.shell("ln -s " + natives + " home/natives").code()).isZero();
  }

  @AfterEach
  void unmount() throws Exception {
    if (mounted != null) {
      mounted.close();
    }
  }

  private SmallDisk disk() {
    return java.util.Objects.requireNonNull(mounted);
  }

  /** The filler grows until so many bytes are left, and as far as it goes. */
  private void fill(long left) throws IOException {
    Path filler = disk().home().resolve("filler");
    try (OutputStream out = Files.newOutputStream(filler)) {
      for (int size = CHUNK; size > 0; size /= 2) {
        write(out, size, left);
      }
    }
  }

  private void write(OutputStream out, int size, long left) {
    try {
      while (disk().home().toFile().getUsableSpace() >= left + size) {
        out.write(new byte[size]);
      }
    } catch (IOException full) {
      assertThat(full).hasMessageContaining("No space left");
    }
  }

  private void empty() throws IOException {
    Files.delete(disk().home().resolve("filler"));
  }

  @ParameterizedTest
  @ValueSource(ints = {20, 0})
  void aHomeOnAFullDiskTakesNoWorkAndStillTellsWhatItHas(int mebibytes) throws Exception {
    assertThat(disk().voxbench("list").text()).contains("no run yet");
    fill((long) mebibytes << 20);

    Said run = disk().voxbench("run ../small.yaml");
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.text()).contains("expected at least 24 MiB free but found ", "make room");
    assertThat(disk().voxbench("list").text()).contains("no run yet");
    assertThat(disk().voxbench("status").code()).isZero();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aDiskThatFillsUpDuringARunEndsItClearlyAndNothingIsLost(boolean mercilessly)
      throws Exception {
    long coordinator = disk().begin("run ../small.yaml");
    awaitCheckpoint(coordinator);
    fill(0);
    while (SmallDisk.lives(coordinator)) {
      if (mercilessly) {
        fill(0);
      }
      pause();
    }
    String said = disk().said();
    assertThat(said).contains("disk", "full");
    Run ended = Run.read(disk().home().resolve("runs/small-1/run.json"));
    if (!mercilessly) {
      assertThat(ended.state()).isIn(RunState.FAILED, RunState.STOPPED);
      assertThat(ended.message()).contains("full");
    }
    List<Path> checkpoints = checkpoints();
    assertThat(checkpoints).isNotEmpty();
    assertThat(checkpoints.get(checkpoints.size() - 1).resolve("manifest.json")).isNotEmptyFile();

    empty();
    Said again = disk().voxbench("run ../small.yaml");
    assertThat(again.text()).contains("reused: same settings").contains("goes on from iteration-");
    assertThat(again.code()).as(again.text()).isZero();
  }

  private List<Path> checkpoints() throws IOException {
    try (Stream<Path> files =
        Files.find(disk().home().resolve("runs"), 7, (f, about) -> about.isDirectory())) {
      return files
          .filter(f -> f.getFileName().toString().startsWith("iteration-"))
          .sorted()
          .toList();
    } catch (NoSuchFileException | UncheckedIOException changing) {
      return List.of();
    }
  }

  private void awaitCheckpoint(long process) throws Exception {
    while (checkpoints().isEmpty()) {
      assertThat(SmallDisk.lives(process)).as(() -> disk().said()).isTrue();
      pause();
    }
  }

  private void pause() throws InterruptedException {
    boolean unused = disk().process().waitFor(20, TimeUnit.MILLISECONDS);
  }

  @Test
  void nothingStaysMounted() throws Exception {
    assertThat(Files.readString(Path.of("/proc/self/mounts"))).doesNotContain(folder.toString());
  }
}
