package org.voxbench.model;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Where libtorch is unpacked, once, before a process can compute; and whether it fits there. */
final class Natives {

  private static final long MIB = 1 << 20;

  /** libtorch for the processor takes 432 MiB, and is complete before it gets its name. */
  private static final long NEEDED_MIB = 450;

  private Natives() {}

  /**
   * Looks whether libtorch is there or can be unpacked.
   *
   * @throws IllegalStateException naming folder, need and remedy when the disk is too full
   */
  static void requireRoom(Path folder) {
    if (System.getenv("PYTORCH_LIBRARY_PATH") != null || unpacked(folder)) {
      return;
    }
    try {
      requireRoom(folder, Files.getFileStore(existing(folder)).getUsableSpace());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot ask for the free space of " + folder, e);
    }
  }

  static void requireRoom(Path folder, long free) {
    if (free < NEEDED_MIB * MIB) {
      throw new IllegalStateException(
          "libtorch has to be unpacked once into %s, which takes %d MiB, but the disk has %d MiB free; make room there, or choose another disk with --home FOLDER, or link that folder to another disk"
              .formatted(folder, NEEDED_MIB, free / MIB));
    }
  }

  static boolean unpacked(Path folder) {
    Path all = folder.resolve("pytorch");
    if (!Files.isDirectory(all)) {
      return false;
    }
    try (Stream<Path> files = Files.walk(all, 2)) {
      return files.anyMatch(file -> String.valueOf(file.getFileName()).contains("torch_cpu."));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot look into " + all, e);
    }
  }

  private static Path existing(Path folder) {
    Path path = folder.toAbsolutePath();
    while (!Files.exists(path) && path.getParent() != null) {
      path = path.getParent();
    }
    return path;
  }
}
