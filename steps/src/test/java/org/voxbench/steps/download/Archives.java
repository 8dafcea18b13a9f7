package org.voxbench.steps.download;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** Makes archives, honest ones and others. */
final class Archives {

  private Archives() {}

  static Path tarGz(Path archive, Path content) throws IOException {
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(archive));
        TarArchiveOutputStream tar = new TarArchiveOutputStream(out);
        Stream<Path> files = Files.walk(content)) {
      tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
      for (Path file : files.sorted().skip(1).toList()) {
        String name = content.relativize(file) + (Files.isDirectory(file) ? "/" : "");
        tar.putArchiveEntry(new TarArchiveEntry(file, name));
        if (Files.isRegularFile(file)) {
          Files.copy(file, tar);
        }
        tar.closeArchiveEntry();
      }
    }
    return archive;
  }

  /** A dataset of one case, packed as {@code tiny.tar.gz}; its content is noise. */
  static Path tinyDataset(Path folder) throws IOException {
    Path root = Files.createDirectories(folder.resolve("content/Task09_Tiny"));
    Files.createDirectories(root.resolve("imagesTr"));
    Files.createDirectories(root.resolve("labelsTr"));
    byte[] noise = new byte[150_000];
    new Random(3).nextBytes(noise);
    Files.write(root.resolve("imagesTr/x.nii.gz"), noise);
    Files.writeString(root.resolve("labelsTr/x.nii.gz"), "label");
    Files.writeString(
        root.resolve("dataset.json"),
        """
        {"name": "Tiny", "modality": {"0": "CT"}, "labels": {"0": "background", "1": "spleen"},
         "training": [{"image": "./imagesTr/x.nii.gz", "label": "./labelsTr/x.nii.gz"}]}
        """);
    return tarGz(folder.resolve("tiny.tar.gz"), folder.resolve("content"));
  }
}
