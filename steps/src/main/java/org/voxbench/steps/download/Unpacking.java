package org.voxbench.steps.download;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.voxbench.steps.PermanentStepException;
import org.voxbench.steps.StopSignal;

/** One archive being unpacked: what was taken out so far, held against the limits. */
final class Unpacking {

  /** Below this a high ratio says nothing: small archives may be one zero-filled label map. */
  private static final long RATIO_COUNTS_FROM = 64L << 20;

  private static final int LONGEST_NAME = 1024;

  private final Path archive;
  private final Path target;
  private final Extraction.Limits limits;
  private final StopSignal stop;
  private final Set<String> seen = new HashSet<>();
  private final long packed;
  private final byte[] buffer = new byte[1 << 16];
  private int entries;
  private int files;
  private long bytes;

  Unpacking(Path archive, Path target, Extraction.Limits limits, StopSignal stop)
      throws IOException {
    this.archive = archive;
    this.target = target.toAbsolutePath().normalize();
    this.limits = limits;
    this.stop = stop;
    this.packed = Math.max(1, Files.size(archive));
  }

  int files() {
    return files;
  }

  void folder(String name) throws IOException {
    count();
    makeFolder(place(name), name);
  }

  /**
   * Takes one file out.
   *
   * @param size as the archive declares it, or -1
   */
  void file(String name, long size, InputStream in) throws IOException {
    count();
    Path file = place(name);
    if (!seen.add(file.toString().toLowerCase(Locale.ROOT))) {
      throw refused("entry '" + name + "' comes twice (upper and lower case are not told apart)");
    }
    if (size > limits.bytes() - bytes) {
      throw tooLarge();
    }
    DiskSpace.require(target, Math.max(0, size), archive.getFileName() + ": entry '" + name + "'");
    Path parent = file.getParent();
    if (parent != null) {
      makeFolder(parent, name);
    }
    if (Files.exists(file)) {
      throw refused("entry '" + name + "' stands where another entry or archive put something");
    }
    try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW)) {
      copy(name, size, in, out);
    }
    files++;
  }

  private void copy(String name, long size, InputStream in, OutputStream out) throws IOException {
    long copied = 0;
    for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
      copied += count;
      bytes += count;
      if (size >= 0 && copied > size) {
        throw refused("entry '" + name + "' holds more than the " + size + " bytes it declares");
      }
      if (bytes > limits.bytes()) {
        throw tooLarge();
      }
      if (bytes > RATIO_COUNTS_FROM && bytes / packed > limits.ratio()) {
        throw refused(
            "unpacks to more than "
                + limits.ratio()
                + " times its size, as archives made to fill a disk do");
      }
      stop.check();
      out.write(buffer, 0, count);
    }
    if (size >= 0 && copied < size) {
      throw new EOFException(
          "entry '" + name + "' ends after " + copied + " of " + size + " bytes");
    }
  }

  private void makeFolder(Path folder, String name) throws IOException {
    try {
      Files.createDirectories(folder);
    } catch (FileAlreadyExistsException e) {
      throw refused("entry '" + name + "' needs a folder where another entry put a file");
    }
  }

  private void count() {
    if (++entries > limits.entries()) {
      throw refused("holds more than " + limits.entries() + " entries");
    }
  }

  private Path place(String name) {
    boolean drive = name.length() > 1 && name.charAt(1) == ':';
    if (name.isEmpty() || name.startsWith("/") || name.indexOf('\\') >= 0 || drive) {
      throw refused("entry '" + name + "' has no relative path");
    }
    if (name.length() > LONGEST_NAME || name.chars().anyMatch(Character::isISOControl)) {
      throw refused("an entry's name is longer than 1024 characters or holds control characters");
    }
    try {
      for (Path part : Path.of(name)) {
        if (part.toString().equals("..")) {
          throw refused("entry '" + name + "' leads out of the folder it is unpacked to");
        }
      }
      Path file = target.resolve(name).normalize();
      if (!file.startsWith(target)) {
        throw refused("entry '" + name + "' leads out of the folder it is unpacked to");
      }
      return file;
    } catch (InvalidPathException e) {
      throw refused("entry '" + name + "' has no legal name: " + e.getReason());
    }
  }

  private PermanentStepException tooLarge() {
    return refused("unpacks to more than " + limits.bytes() + " bytes");
  }

  PermanentStepException refused(String why) {
    return new PermanentStepException(
        archive + ": refused: " + why + "; nothing of it was used. Fetch it from its publisher");
  }
}
