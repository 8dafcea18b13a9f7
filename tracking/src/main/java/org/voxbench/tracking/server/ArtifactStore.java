package org.voxbench.tracking.server;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Files below one folder. A file appears whole or not at all; links are never followed. */
final class ArtifactStore {

  private static final String INCOMING = ".incoming";

  /**
   * A file or folder.
   *
   * @param size in bytes, 0 for a folder
   */
  record Entry(String name, boolean folder, long size) {}

  private final Path root;

  ArtifactStore(Path root) {
    this.root = root.toAbsolutePath().normalize();
  }

  /** Deletes files that broke off with an earlier server; folders are uploads in parts. */
  void deleteLeftovers() throws IOException {
    try (var left = Files.newDirectoryStream(incoming(), Files::isRegularFile)) {
      for (Path file : left) {
        Files.delete(file);
      }
    }
  }

  /** Whether anything was ever put here. */
  boolean isUsed() {
    return Files.isDirectory(root.resolve(INCOMING), LinkOption.NOFOLLOW_LINKS);
  }

  private Path resolve(ArtifactPath path) {
    Path resolved = root.resolve(path.whole()).normalize();
    if (!resolved.startsWith(root)) {
      throw ArtifactPath.invalid();
    }
    // No upload makes a link; one that somebody else laid here must not lead a reader away.
    for (Path above = resolved.getParent();
        above != null && !above.equals(root);
        above = above.getParent()) {
      if (Files.isSymbolicLink(above)) {
        throw ArtifactPath.invalid();
      }
    }
    return resolved;
  }

  /**
   * Streams to a temporary file, then renames; what stood there before is replaced.
   *
   * @param expected the digest that the sender announces, as {@code sha-256=:...:}, or null
   * @return the digest of what came, in the same form
   */
  String put(ArtifactPath path, InputStream body, @Nullable String expected) throws IOException {
    // Refused before its bytes are taken.
    target(path);
    Path temporary = incoming().resolve(UUID.randomUUID().toString());
    try {
      MessageDigest sha256 = sha256();
      Files.copy(new DigestInputStream(body, sha256), temporary);
      String digest = field(sha256);
      if (expected != null && expected.startsWith("sha-256=") && !expected.equals(digest)) {
        throw ApiException.invalid(
            "'" + path.path() + "' arrived with digest " + digest + " but was sent as " + expected);
      }
      publish(temporary, path);
      return digest;
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  /** Where a file of this path may lie; a folder must not be there already. */
  private Path target(ArtifactPath path) {
    Path target = resolve(path);
    if (path.path().isEmpty() || Files.isDirectory(target)) {
      throw ApiException.invalid("'" + path.path() + "' is a folder: give the path of a file");
    }
    return target;
  }

  /** The folder for what is not whole yet. */
  Path incoming() throws IOException {
    return Files.createDirectories(root.resolve(INCOMING));
  }

  /** Moves a file that is whole to where it belongs, in place of what stood there. */
  void publish(Path whole, ArtifactPath path) throws IOException {
    Path target = target(path);
    sync(whole);
    createParents(path, target);
    Files.move(whole, target, StandardCopyOption.ATOMIC_MOVE);
  }

  /** Waits until the disk has all of a file. */
  static void sync(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }

  /** The SHA-256 of a file, as {@code sha-256=:...:}. */
  static String digest(Path file) throws IOException {
    MessageDigest sha256 = sha256();
    try (InputStream content = new DigestInputStream(Files.newInputStream(file), sha256)) {
      byte[] buffer = new byte[1 << 16];
      while (content.read(buffer) >= 0) {}
    }
    return field(sha256);
  }

  /** A digest that is complete, as {@code sha-256=:...:}. */
  static String field(MessageDigest sha256) {
    return "sha-256=:" + Base64.getEncoder().encodeToString(sha256.digest()) + ":";
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static void createParents(ArtifactPath path, Path target) throws IOException {
    try {
      Files.createDirectories(target.resolveSibling(""));
    } catch (FileAlreadyExistsException file) {
      throw ApiException.invalid(
          "'" + path.path() + "' cannot be written: a part of its path is a file");
    }
  }

  /** The regular file of this name, or null. */
  @Nullable Path file(ArtifactPath path) {
    Path file = resolve(path);
    return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) ? file : null;
  }

  /** What a folder holds, by name; nothing for a file or a missing folder. */
  List<Entry> list(ArtifactPath path) throws IOException {
    Path folder = resolve(path);
    List<Entry> entries = new ArrayList<>();
    if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      return entries;
    }
    try (var children = Files.newDirectoryStream(folder)) {
      for (Path child : children) {
        var attributes =
            Files.readAttributes(child, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        if (attributes.isDirectory() || attributes.isRegularFile()) {
          boolean isFolder = attributes.isDirectory();
          entries.add(
              new Entry(
                  String.valueOf(child.getFileName()), isFolder, isFolder ? 0 : attributes.size()));
        }
      }
    }
    entries.sort(Comparator.comparing(Entry::name));
    return entries;
  }

  /** Deletes a file or a folder with all it holds; a missing one is fine. */
  void delete(ArtifactPath path) throws IOException {
    deleteTree(resolve(path));
  }

  /** Deletes all files of a run or logged model, and the folder that held them. */
  void deleteOwner(ArtifactPath folder) throws IOException {
    deleteTree(resolve(folder).resolveSibling(""));
  }

  /** The size of all files below a folder. */
  long bytes(ArtifactPath folder) throws IOException {
    Path start = resolve(folder);
    if (!Files.isDirectory(start, LinkOption.NOFOLLOW_LINKS)) {
      return 0;
    }
    try (Stream<Path> files = Files.walk(start)) {
      long bytes = 0;
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        bytes += Files.size(file);
      }
      return bytes;
    }
  }

  static void deleteTree(Path target) throws IOException {
    if (!Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    Files.walkFileTree(
        target,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure)
              throws IOException {
            if (failure != null) {
              throw failure;
            }
            Files.delete(folder);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
