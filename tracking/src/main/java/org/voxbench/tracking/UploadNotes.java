package org.voxbench.tracking;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The notes on uploads that are not finished, one file for each address. Losing them costs time.
 */
final class UploadNotes {

  private static final Logger LOG = LoggerFactory.getLogger(UploadNotes.class);
  private static final Duration KEPT = Duration.ofDays(1);
  private static final String ENDING = ".upload";

  private final Path folder;
  private final InstantSource clock;

  UploadNotes(Path folder, InstantSource clock) {
    this.folder = folder;
    this.clock = clock;
  }

  /** The unfinished upload to an address, if it was begun or got on within a day. */
  Optional<UploadNote> of(String target) {
    deleteOld();
    Path file = file(target);
    try {
      Optional<UploadNote> note = Files.exists(file) ? UploadNote.read(file) : Optional.empty();
      return note.filter(read -> read.begun().target().equals(target));
    } catch (IOException unreadable) {
      LOG.debug("{} cannot be read: {}", file, unreadable.toString());
      return Optional.empty();
    }
  }

  /** Notes an upload that has just begun, in place of what was noted for its address. */
  UploadNote begin(UploadNote.Begun begun) {
    Path file = file(begun.target());
    try {
      Files.createDirectories(folder);
      Files.deleteIfExists(file);
      Files.createFile(file, ownerOnly());
    } catch (IOException unwritable) {
      LOG.debug("an upload that breaks off begins again: {}", unwritable.toString());
    }
    UploadNote note = new UploadNote(file, begun);
    note.write();
    return note;
  }

  // An address that a store signed lets anybody in who has it.
  private FileAttribute<?>[] ownerOnly() {
    return folder.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[0];
  }

  private Path file(String target) {
    byte[] digest = Sha256Body.sha256().digest(target.getBytes(StandardCharsets.UTF_8));
    return folder.resolve(HexFormat.of().formatHex(digest, 0, 16) + ENDING);
  }

  private void deleteOld() {
    if (!Files.isDirectory(folder)) {
      return;
    }
    Instant before = clock.instant().minus(KEPT);
    try (var notes = Files.newDirectoryStream(folder, "*" + ENDING)) {
      for (Path note : notes) {
        if (Files.getLastModifiedTime(note).toInstant().isBefore(before)) {
          Files.deleteIfExists(note);
        }
      }
    } catch (IOException unreadable) {
      LOG.debug("old notes in {} stay: {}", folder, unreadable.toString());
    }
  }
}
