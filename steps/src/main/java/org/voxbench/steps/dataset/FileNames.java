package org.voxbench.steps.dataset;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** How image files are named in all layouts. */
final class FileNames {

  private static final List<String> SUFFIXES = List.of(".nii.gz", ".nii");

  private FileNames() {}

  /** The name without {@code .nii} or {@code .nii.gz}. */
  static String stem(String name) {
    String base = name.substring(name.lastIndexOf('/') + 1);
    for (String suffix : SUFFIXES) {
      if (base.endsWith(suffix)) {
        return base.substring(0, base.length() - suffix.length());
      }
    }
    return base;
  }

  static boolean isNifti(Path file) {
    String name = name(file);
    return !isHidden(file) && SUFFIXES.stream().anyMatch(name::endsWith);
  }

  /** Archives packed on a Mac hold a "._name" beside each file: not an image. */
  static boolean isHidden(Path file) {
    return name(file).startsWith(".");
  }

  static String name(Path file) {
    Path name = file.getFileName();
    return name == null ? "" : name.toString();
  }

  /** The file of one channel of a case stored as one file per channel: {@code <stem>_0000}. */
  static Path channel(Path image, int channel) {
    String name = name(image);
    String stem = stem(name);
    return image.resolveSibling(
        String.format("%s_%04d%s", stem, channel, name.substring(stem.length())));
  }

  /** The NIfTI files of a folder in order of name; empty when there is no such folder. */
  static List<Path> niftiIn(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(FileNames::isNifti).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(folder + ": cannot be listed", e);
    }
  }

  /** The folders in a folder in order of name; empty when there is no such folder. */
  static List<Path> foldersIn(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(Files::isDirectory).filter(file -> !isHidden(file)).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(folder + ": cannot be listed", e);
    }
  }
}
