package org.voxbench.steps.preprocess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.voxbench.steps.PermanentStepException;
import org.voxbench.steps.StopSignal;
import org.voxbench.steps.TransientStepException;
import org.voxbench.steps.dataset.CaseStore;
import org.voxbench.steps.dataset.PreparedDataset;
import org.voxbench.steps.dataset.RawCase;
import org.voxbench.steps.volume.AffineRule;

/** A full disk and files that change: what is said, what is left, how it goes on. */
class PreprocessTroubleTest {

  private static final StopSignal NEVER = () -> false;
  private static final Preprocess.Request CT = RawFixture.request("CT");

  @Test
  void aDiskTooSmallForTheCasesIsNamedBeforeWorkStarts(@TempDir Path folder) throws IOException {
    RawFixture fixture = new RawFixture(folder).add("a").add("b").declare("CT");
    try (SmallDisk disk = SmallDisk.of(folder.resolve("disk"), 32)) {
      Path out = disk.folder().resolve("out");

      assertThatThrownBy(() -> new Preprocess().run(CT, fixture.sharing(1, out, NEVER)))
          .isInstanceOf(PermanentStepException.class)
          .hasMessage(
              "preprocess: expected 64 MiB free on the disk of %s, for 2 cases and a reserve of 64"
                  + " MiB, but there are 32 MiB; make room, choose another --home or a coarser"
                  + " preprocess.spacing",
              out);
      assertThat(out).isEmptyDirectory();
    }
  }

  @Test
  void aDiskThatFillsUpIsNamedAndTheRunGoesOnWhenThereIsRoom(@TempDir Path folder)
      throws IOException {
    RawFixture fixture = new RawFixture(folder).add("a").add("b").add("c").declare("CT");
    try (SmallDisk disk = SmallDisk.of(folder.resolve("disk"), 80)) {
      Path out = disk.folder().resolve("out");
      fixture.sharedAt(disk.folder().resolve("shared"));
      StopSignal somebodyElseFillsTheDisk =
          () -> {
            if (fixture.told.contains("cases prepared 1/3")) {
              disk.fill();
            }
            return false;
          };

      assertThatThrownBy(
              () -> new Preprocess().run(CT, fixture.sharing(1, out, somebodyElseFillsTheDisk)))
          .isInstanceOf(PermanentStepException.class)
          .hasMessage(
              "preprocess: the disk of %s is full: case b needs 1 MiB but 0 MiB are free; make room"
                  + " and run again: finished cases are kept",
              out);
      assertThat(RawFixture.bytes(out).keySet()).hasSize(4).allMatch(f -> f.startsWith("cases/a/"));
      assertThat(new CaseStore(fixture.shared()).entries()).hasSize(1);

      disk.makeRoom();
      Path again = disk.folder().resolve("again");
      new Preprocess().run(CT, fixture.sharing(1, again, NEVER));

      assertThat(fixture.told).contains("1 of 3 cases reused, prepared anew: b, c");
      assertThat(PreparedDataset.open(again).cases()).hasSize(3);
    }
  }

  @Test
  void aFileReplacedWhileItIsReadIsNoticed(@TempDir Path folder) throws IOException {
    RawFixture fixture = new RawFixture(folder).add("a").declare("CT");
    RawScan scan =
        new RawScan(
            new RawCase("a", List.of(fixture.imageFile("a")), Optional.of(fixture.labelFile("a"))),
            AffineRule.QFORM);
    Files.setLastModifiedTime(fixture.imageFile("a"), FileTime.fromMillis(0));

    assertThatThrownBy(scan::image)
        .isInstanceOf(TransientStepException.class)
        .hasMessage(
            "case a: %s: expected the file to stay as it was but it was replaced while it was read;"
                + " run again when nobody writes to it",
            fixture.imageFile("a"));
  }

  @Test
  void aFileReplacedByOneOfTheSameSizeAndTimeIsNoticedToo(@TempDir Path folder) throws IOException {
    RawFixture fixture = new RawFixture(folder).add("a").add("b").declare("CT");
    Path label = fixture.labelFile("b");
    StopSignal replacing =
        () -> {
          if (fixture.told.contains("cases prepared 1/2")) {
            replaceKeepingSizeAndTime(label);
          }
          return false;
        };

    assertThatThrownBy(() -> new Preprocess().run(CT, fixture.sharing(1, fixture.out, replacing)))
        .isInstanceOf(TransientStepException.class)
        .hasMessage(
            "case b: %s: expected the file to stay as it was but it was replaced while it was read;"
                + " run again when nobody writes to it",
            label);
    assertThat(RawFixture.bytes(fixture.out).keySet()).allMatch(file -> file.startsWith("cases/a"));
    assertThat(new CaseStore(fixture.shared()).entries()).hasSize(1);
  }

  /** As {@code cp -p} over the file: same size and time, other content. */
  private static void replaceKeepingSizeAndTime(Path label) {
    try {
      FileTime before = Files.getLastModifiedTime(label);
      byte[] bytes = Files.readAllBytes(label);
      int timeOfGzip = 4;
      bytes[timeOfGzip] ^= 1;
      try (FileChannel channel = FileChannel.open(label, StandardOpenOption.WRITE)) {
        channel.write(ByteBuffer.wrap(bytes));
      }
      Files.setLastModifiedTime(label, before);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
