package org.voxbench.tracking;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Copies files to where a server on this machine keeps a run's artifacts itself: an MLflow server
 * without {@code --artifacts-destination} hands out a path and expects its clients to write there.
 * A server elsewhere may not name paths of this machine.
 */
final class LocalArtifacts {

  /** MLflow ends every such path with the run's id; a path of another form is not trusted. */
  private static final Pattern OF_A_RUN = Pattern.compile("/.+/[0-9a-f]{32}/artifacts");

  private LocalArtifacts() {}

  /** The folder that an address names, unless it is not one of a run on this machine. */
  static Optional<Path> folder(String artifactUri, String server) {
    if (!isHere(URI.create(server).getHost())) {
      return Optional.empty();
    }
    String path = artifactUri;
    if (artifactUri.startsWith("file:")) {
      try {
        URI uri = URI.create(artifactUri);
        path = uri.getPath() != null && uri.getHost() == null ? uri.getPath() : "";
      } catch (IllegalArgumentException malformed) {
        return Optional.empty();
      }
    }
    return OF_A_RUN.matcher(path).matches() && Path.of(path).normalize().toString().equals(path)
        ? Optional.of(Path.of(path))
        : Optional.empty();
  }

  private static boolean isHere(String host) {
    return host.equals("localhost") || host.startsWith("127.") || host.equals("[::1]");
  }

  /** Copies and makes sure that the copy is whole; a crash leaves no half of it under its name. */
  static void copy(Path file, Path root, String path, byte[] digest)
      throws IOException, TrackingUnavailableException {
    Path target = root.resolve(path);
    Files.createDirectories(target.resolveSibling(""));
    Path real = target.resolveSibling("").toRealPath();
    if (!real.startsWith(root.toRealPath())) {
      throw new IOException(target + " leads out of the run's artifacts by a link");
    }
    Path part = Files.createTempFile(real, ".voxbench-", ".part");
    try {
      try (InputStream in = Files.newInputStream(file);
          OutputStream out = Files.newOutputStream(part)) {
        in.transferTo(out);
      }
      try (InputStream copy = Files.newInputStream(part)) {
        if (!java.util.Arrays.equals(ArtifactUpload.digest(copy), digest)) {
          throw new TrackingUnavailableException(
              "the copy of " + file + " below " + root + " differs from it; it is made again");
        }
      }
      Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(part);
    }
  }
}
