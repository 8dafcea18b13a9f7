package org.voxbench.steps.download;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.voxbench.steps.PermanentStepException;
import org.voxbench.steps.StopSignal;

/**
 * The one routine that unpacks archives (zip, tar, tar.gz), which are foreign data: it bounds their
 * number of entries, sizes and ratio, and refuses links, devices, encrypted entries, absolute
 * paths, paths with {@code ..}, and names that come twice.
 */
final class Extraction {

  private static final int TAR_BLOCK = 512;
  private static final int TAR_MAGIC = 257;

  private Extraction() {}

  /**
   * What an archive may hold.
   *
   * @param entries files and folders
   * @param bytes of all files together, unpacked
   * @param ratio unpacked over packed size, once more than 64 MiB were unpacked
   */
  record Limits(int entries, long bytes, int ratio) {

    /** Room for the largest public benchmarks; honest NIfTI archives pack less than 200 to 1. */
    static Limits defaults() {
      return new Limits(500_000, 2L << 40, 400);
    }
  }

  private enum Form {
    ZIP,
    TAR,
    TAR_GZ,
    NONE
  }

  /** Judged by content, not by name; a gzip counts when a tar is inside. */
  static boolean isArchive(Path file) throws IOException {
    return form(file) != Form.NONE;
  }

  /**
   * Unpacks.
   *
   * @param target an existing folder; nothing outside it is touched, nothing in it replaced
   * @return number of files written
   * @throws PermanentStepException naming archive, entry and what is wrong with it
   */
  static int unpack(Path archive, Path target, Limits limits, StopSignal stop) throws IOException {
    Form form = form(archive);
    Unpacking unpacking = new Unpacking(archive, target, limits, stop);
    try {
      if (form == Form.ZIP) {
        zip(archive, unpacking);
      } else if (form == Form.TAR) {
        try (InputStream in = Files.newInputStream(archive)) {
          tar(in, unpacking);
        }
      } else if (form == Form.TAR_GZ) {
        try (InputStream in = new GZIPInputStream(Files.newInputStream(archive), 1 << 16)) {
          tar(in, unpacking);
        }
      } else {
        throw unpacking.refused("expected a zip, tar or tar.gz archive but its content is neither");
      }
    } catch (FileSystemException e) {
      throw e;
    } catch (IOException | IllegalArgumentException e) {
      DiskSpace.require(target, 0, "unpacking " + archive.getFileName());
      throw new PermanentStepException(
          archive + ": damaged or cut short (" + e.getMessage() + "); fetch it again", e);
    }
    return unpacking.files();
  }

  private static void zip(Path archive, Unpacking unpacking) throws IOException {
    try (ZipFile zip = ZipFile.builder().setPath(archive).get()) {
      for (ZipArchiveEntry entry : Collections.list(zip.getEntriesInPhysicalOrder())) {
        if (entry.isUnixSymlink()) {
          throw unpacking.refused("entry '" + entry.getName() + "' is a link");
        }
        if (!zip.canReadEntryData(entry)) {
          throw unpacking.refused(
              "entry '" + entry.getName() + "' is encrypted or packed by an unknown method");
        }
        if (entry.isDirectory()) {
          unpacking.folder(entry.getName());
        } else {
          try (InputStream in = zip.getInputStream(entry)) {
            unpacking.file(entry.getName(), entry.getSize(), in);
          }
        }
      }
    }
  }

  private static void tar(InputStream raw, Unpacking unpacking) throws IOException {
    try (TarArchiveInputStream tar = new TarArchiveInputStream(new BufferedInputStream(raw))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        if (entry.isSymbolicLink() || entry.isLink()) {
          throw unpacking.refused("entry '" + entry.getName() + "' is a link");
        }
        if (entry.isDirectory()) {
          unpacking.folder(entry.getName());
        } else if (isPlain(entry)) {
          unpacking.file(entry.getName(), entry.getSize(), tar);
        } else {
          throw unpacking.refused("entry '" + entry.getName() + "' is neither a file nor a folder");
        }
      }
    }
  }

  /** {@link TarArchiveEntry#isFile()} holds for devices too. */
  private static boolean isPlain(TarArchiveEntry entry) {
    return entry.isFile()
        && !entry.isSparse()
        && !entry.isFIFO()
        && !entry.isCharacterDevice()
        && !entry.isBlockDevice();
  }

  private static Form form(Path file) throws IOException {
    byte[] start = firstBytes(Files.newInputStream(file));
    if (start.length >= 4 && start[0] == 'P' && start[1] == 'K' && start[2] <= 6) {
      return Form.ZIP;
    }
    if (isTar(start)) {
      return Form.TAR;
    }
    if (start.length >= 2 && start[0] == 0x1f && (start[1] & 0xff) == 0x8b) {
      try {
        return isTar(firstBytes(new GZIPInputStream(Files.newInputStream(file))))
            ? Form.TAR_GZ
            : Form.NONE;
      } catch (EOFException | ZipException e) {
        return file.toString().matches(".*\\.(tgz|tar\\.gz)") ? Form.TAR_GZ : Form.NONE;
      }
    }
    return Form.NONE;
  }

  private static byte[] firstBytes(InputStream in) throws IOException {
    try (in) {
      return in.readNBytes(TAR_BLOCK);
    }
  }

  private static boolean isTar(byte[] start) {
    return start.length == TAR_BLOCK
        && Arrays.equals(
            Arrays.copyOfRange(start, TAR_MAGIC, TAR_MAGIC + 5),
            "ustar".getBytes(StandardCharsets.US_ASCII));
  }
}
