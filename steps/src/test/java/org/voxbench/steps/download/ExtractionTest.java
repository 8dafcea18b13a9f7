package org.voxbench.steps.download;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.voxbench.steps.PermanentStepException;
import org.voxbench.steps.StepStoppedException;

class ExtractionTest {

  private static final Extraction.Limits LIMITS = new Extraction.Limits(10, 1 << 20, 50);

  @TempDir private Path folder = Path.of("set by JUnit");
  private Path target = Path.of("set below");

  @BeforeEach
  void makeTarget() throws IOException {
    target = Files.createDirectories(folder.resolve("target"));
  }

  private int unpack(Path archive) throws IOException {
    return Extraction.unpack(archive, target, LIMITS, () -> false);
  }

  private Path zip(String... names) throws IOException {
    Path archive = folder.resolve("a.zip");
    try (ZipArchiveOutputStream zip = new ZipArchiveOutputStream(archive)) {
      for (String name : names) {
        zip.putArchiveEntry(new ZipArchiveEntry(name));
        if (!name.endsWith("/")) {
          zip.write(name.getBytes(StandardCharsets.UTF_8));
        }
        zip.closeArchiveEntry();
      }
    }
    return archive;
  }

  private Path tar(TarArchiveEntry... entries) throws IOException {
    Path archive = folder.resolve("a.tar");
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(Files.newOutputStream(archive))) {
      for (TarArchiveEntry entry : entries) {
        tar.putArchiveEntry(entry);
        tar.write(new byte[(int) entry.getSize()]);
        tar.closeArchiveEntry();
      }
    }
    return archive;
  }

  private static TarArchiveEntry entry(String name, byte type) {
    TarArchiveEntry entry = new TarArchiveEntry(name, type, true);
    entry.setLinkName("/etc/passwd");
    return entry;
  }

  private void refused(Path archive, String why) throws IOException {
    assertThatThrownBy(() -> unpack(archive))
        .isInstanceOf(PermanentStepException.class)
        .hasMessageContaining(archive.toString())
        .hasMessageContaining(why);
    try (Stream<Path> outside = Files.list(folder)) {
      assertThat(outside).containsExactlyInAnyOrder(archive, target);
    }
  }

  @Test
  void honestArchivesOfAllThreeKindsGiveTheirFiles() throws IOException {
    Path content = Files.createDirectories(folder.resolve("content/deep/er"));
    Files.writeString(content.resolve("x.nii"), "voxels");
    Files.writeString(folder.resolve("content/y"), "");
    Path gz = Archives.tarGz(folder.resolve("b.tar.gz"), folder.resolve("content"));
    assertThat(Extraction.isArchive(gz)).isTrue();
    assertThat(unpack(gz)).isEqualTo(2);
    assertThat(target.resolve("deep/er/x.nii")).hasContent("voxels");
    assertThat(unpack(zip("z/", "z/a.nii", "b.nii"))).isEqualTo(2);
    assertThat(target.resolve("z/a.nii")).hasContent("z/a.nii");
    assertThat(unpack(tar(new TarArchiveEntry("folder/"), new TarArchiveEntry("folder/t"))))
        .isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../evil",
        "a/../../evil",
        "/evil",
        "C:evil",
        "a\\..\\evil",
        "a/..",
        "a\nb",
        "a\0b",
        ".."
      })
  void aPathThatLeadsElsewhereIsRefusedInAZip(String name) throws IOException {
    refused(zip("good", name), "refused: ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"../evil", "a/../../evil", "/evil"})
  void aPathThatLeadsElsewhereIsRefusedInATar(String name) throws IOException {
    refused(tar(new TarArchiveEntry(name, true)), "refused: ");
  }

  @ParameterizedTest
  @ValueSource(bytes = {TarConstants.LF_SYMLINK, TarConstants.LF_LINK})
  void aLinkInATarIsRefused(byte type) throws IOException {
    refused(tar(entry("link", type)), "entry 'link' is a link");
  }

  @ParameterizedTest
  @ValueSource(bytes = {TarConstants.LF_CHR, TarConstants.LF_FIFO})
  void aDeviceOrPipeInATarIsRefused(byte type) throws IOException {
    refused(tar(entry("dev", type)), "is neither a file nor a folder");
  }

  @Test
  void aLinkInAZipIsRefused() throws IOException {
    Path archive = folder.resolve("a.zip");
    try (ZipArchiveOutputStream zip = new ZipArchiveOutputStream(archive)) {
      ZipArchiveEntry link = new ZipArchiveEntry("link");
      link.setUnixMode(0120777);
      zip.putArchiveEntry(link);
      zip.write("/etc".getBytes(StandardCharsets.UTF_8));
      zip.closeArchiveEntry();
    }
    refused(archive, "entry 'link' is a link");
  }

  @Test
  void aNameThatComesTwiceIsRefusedEvenInOtherCase() throws IOException {
    refused(zip("a/Label.nii", "a/label.nii"), "comes twice");
  }

  @Test
  void tooManyEntriesAreRefused() throws IOException {
    String[] names = new String[11];
    Arrays.setAll(names, index -> "f" + index);
    refused(zip(names), "holds more than 10 entries");
  }

  @Test
  void tooManyBytesAreRefusedBeforeTheDiskIsFull() throws IOException {
    TarArchiveEntry large = new TarArchiveEntry("large");
    large.setSize(2 << 20);
    refused(tar(large), "unpacks to more than 1048576 bytes");
  }

  @Test
  void aBombIsRefusedByItsRatio() throws IOException {
    Path archive = folder.resolve("bomb.zip");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(archive))) {
      zip.putNextEntry(new ZipEntry("zeros"));
      byte[] zeros = new byte[1 << 20];
      for (int written = 0; written < 100; written++) {
        zip.write(zeros);
      }
    }
    Extraction.Limits wide = new Extraction.Limits(10, 1L << 40, 400);
    assertThatThrownBy(() -> Extraction.unpack(archive, target, wide, () -> false))
        .isInstanceOf(PermanentStepException.class)
        .hasMessageContaining("more than 400 times its size");
    assertThat(Files.size(target.resolve("zeros"))).isLessThan(70L << 20);
  }

  @Test
  void anArchiveCutShortIsNamedAsDamaged() throws IOException {
    Path content = Files.createDirectories(folder.resolve("content"));
    byte[] noise = new byte[100_000];
    new Random(1).nextBytes(noise);
    Files.write(content.resolve("x"), noise);
    Path archive = Archives.tarGz(folder.resolve("b.tar.gz"), content);
    byte[] whole = Files.readAllBytes(archive);
    for (int length : new int[] {30, 1000, whole.length / 2, whole.length - 1}) {
      Files.write(archive, Arrays.copyOf(whole, length));
      Path fresh = Files.createDirectories(folder.resolve("fresh" + length));
      assertThatThrownBy(() -> Extraction.unpack(archive, fresh, LIMITS, () -> false))
          .as("%d bytes", length)
          .isInstanceOf(PermanentStepException.class)
          .hasMessageContaining("b.tar.gz: damaged or cut short");
    }
  }

  @Test
  void aZipCutShortIsNamedAsDamaged() throws IOException {
    Path archive = zip("a", "b");
    byte[] whole = Files.readAllBytes(archive);
    Files.write(archive, Arrays.copyOf(whole, whole.length - 10));
    assertThatThrownBy(() -> unpack(archive))
        .isInstanceOf(PermanentStepException.class)
        .hasMessageContaining("damaged or cut short");
  }

  @Test
  void aGzippedScanIsNoArchive() throws IOException {
    Path scan = folder.resolve("scan.nii.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(scan))) {
      out.write(new byte[1000]);
    }
    assertThat(Extraction.isArchive(scan)).isFalse();
    assertThat(Extraction.isArchive(Files.write(folder.resolve("e"), new byte[0]))).isFalse();
  }

  @Test
  void aStopIsHeededInTheMiddleOfAFile() throws IOException {
    Path archive = zip("a");
    assertThatThrownBy(() -> Extraction.unpack(archive, target, LIMITS, () -> true))
        .isInstanceOf(StepStoppedException.class);
  }
}
