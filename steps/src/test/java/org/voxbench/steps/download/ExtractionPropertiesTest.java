package org.voxbench.steps.download;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.voxbench.steps.PermanentStepException;

/** Whatever is done to an archive, it is unpacked or refused by name, and touches nothing else. */
class ExtractionPropertiesTest {

  private static final Extraction.Limits LIMITS = new Extraction.Limits(10, 1 << 20, 50);

  @Property(tries = 150)
  void aDamagedZipIsUnpackedOrRefusedByName(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 12) int damages) throws IOException {
    mutateAndUnpack("a.zip", ExtractionPropertiesTest::zip, seed, damages);
  }

  @Property(tries = 150)
  void aDamagedTarIsUnpackedOrRefusedByName(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 12) int damages) throws IOException {
    mutateAndUnpack("a.tar", ExtractionPropertiesTest::tar, seed, damages);
  }

  private interface Maker {
    void make(Path archive) throws IOException;
  }

  private static void zip(Path archive) throws IOException {
    try (ZipArchiveOutputStream zip = new ZipArchiveOutputStream(archive)) {
      for (String name : new String[] {"a/x.nii", "a/y.nii", "b"}) {
        zip.putArchiveEntry(new ZipArchiveEntry(name));
        zip.write(new byte[300]);
        zip.closeArchiveEntry();
      }
    }
  }

  private static void tar(Path archive) throws IOException {
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(Files.newOutputStream(archive))) {
      for (String name : new String[] {"a/x.nii", "a/y.nii", "b"}) {
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setSize(300);
        tar.putArchiveEntry(entry);
        tar.write(new byte[300]);
        tar.closeArchiveEntry();
      }
    }
  }

  private static void mutateAndUnpack(String name, Maker maker, long seed, int damages)
      throws IOException {
    Path folder = Files.createTempDirectory("extraction");
    try {
      Path archive = folder.resolve(name);
      maker.make(archive);
      byte[] bytes = Files.readAllBytes(archive);
      Random random = new Random(seed);
      for (int damage = 0; damage < damages; damage++) {
        bytes[random.nextInt(Math.min(bytes.length, 1600))] = (byte) random.nextInt(256);
      }
      Files.write(archive, bytes);
      Path target = Files.createDirectories(folder.resolve("target"));
      try {
        Extraction.unpack(archive, target, LIMITS, () -> false);
      } catch (PermanentStepException e) {
        assertThat(e).hasMessageContaining(name);
      }
      try (Stream<Path> outside = Files.list(folder)) {
        assertThat(outside).containsExactlyInAnyOrder(archive, target);
      }
    } finally {
      Trees.delete(folder);
    }
  }
}
