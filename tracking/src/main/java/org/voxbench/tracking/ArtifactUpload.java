package org.voxbench.tracking;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Puts files through the server's artifact proxy, or into the folder that a server on this machine
 * names. MLflow's Java client would start a Python process for each file instead, so this speaks
 * HTTP itself. A large file goes in parts where the server takes them. What arrived is compared by
 * SHA-256.
 */
final class ArtifactUpload {

  private static final String SCHEME = "mlflow-artifacts:/";
  private static final int LONGEST_NAME = 255;

  private final Rest rest;
  private final Arrival arrival;
  private final @Nullable PartedUpload parted;

  /**
   * One for each server.
   *
   * @param rules null to send every file whole
   */
  ArtifactUpload(Rest rest, @Nullable PartRules rules) {
    this.rest = rest;
    this.arrival = new Arrival(rest);
    this.parted = rules == null ? null : new PartedUpload(rest, arrival, rules);
  }

  /**
   * Streams a file and makes sure that it arrived.
   *
   * @return its SHA-256 in hexadecimal
   */
  String put(String artifactUri, String path, Path file) throws TrackingException {
    String what = "storing artifact " + shown(path);
    List<String> names = names(what, path);
    byte[] digest = digest(what, file);
    Optional<Path> folder = LocalArtifacts.folder(artifactUri, rest.host());
    String sha256 = HexFormat.of().formatHex(digest);
    if (folder.isPresent()) {
      copy(what, file, folder.get(), path, digest);
    } else {
      String target = target(what, artifactUri, names);
      send(new OutgoingFile(what, target, file, sha256, file.toFile().length()));
    }
    return sha256;
  }

  private static void copy(String what, Path file, Path folder, String path, byte[] digest)
      throws TrackingException {
    try {
      LocalArtifacts.copy(file, folder, path, digest);
    } catch (IOException failed) {
      throw new TrackingUnavailableException(
          what + ": the server's folder " + folder + " cannot be written to: " + failed, failed);
    }
  }

  private void send(OutgoingFile file) throws TrackingException {
    if (parted == null || !parted.put(file)) {
      arrival.check(file, whole(file));
    }
  }

  private HttpResponse<String> whole(OutgoingFile file) throws TrackingException {
    CountedFile body;
    try {
      body = CountedFile.whole(file.file());
    } catch (IOException | UncheckedIOException unreadable) {
      throw unreadable(file.what(), file.file(), unreadable);
    }
    long size = body.contentLength();
    HttpRequest request =
        rest.request(arrival.target(file))
            .header("Content-Type", "application/octet-stream")
            .header(Arrival.DIGEST, file.digestField())
            .PUT(body)
            .build();
    // Once all is sent a server may take its time to pass the file on to a store behind it.
    Rest.Patience patience =
        new Rest.Patience(
            body::taken, taken -> taken < size ? rest.deadline() : arrival.storing(size));
    HttpResponse<String> response =
        rest.send(file.what(), request, BodyHandlers.ofString(), patience);
    if (response.statusCode() / 100 != 2) {
      throw failure(file.what(), response);
    }
    return response;
  }

  // The server is an MLflow server: the run was made there. What it lacks is the proxy.
  private TrackingException failure(String what, HttpResponse<String> response) {
    int status = response.statusCode();
    return (status == 404 || status == 405) && !response.body().contains("\"error_code\"")
        ? new TrackingRefusedException(
            what
                + ": HTTP "
                + status
                + ": the server does not take artifacts for its clients; it has to be MLflow 2.0"
                + " or later, started with --artifacts-destination")
        : rest.failure(what, response);
  }

  private static byte[] digest(String what, Path file) throws TrackingRefusedException {
    try (InputStream content = Files.newInputStream(file)) {
      return digest(content);
    } catch (IOException unreadable) {
      throw unreadable(what, file, unreadable);
    }
  }

  static byte[] digest(InputStream content) throws IOException {
    DigestInputStream digesting = new DigestInputStream(content, Sha256Body.sha256());
    byte[] buffer = new byte[1 << 16];
    while (digesting.read(buffer) >= 0) {}
    return digesting.getMessageDigest().digest();
  }

  private static String target(String what, String artifactUri, List<String> path)
      throws TrackingRefusedException {
    if (!artifactUri.startsWith(SCHEME) || artifactUri.startsWith(SCHEME + "/")) {
      throw new TrackingRefusedException(
          what
              + ": the server keeps this run's artifacts at "
              + artifactUri
              + ", which it does not proxy; start it with --artifacts-destination, and without"
              + " --default-artifact-root");
    }
    List<String> names = new ArrayList<>(names(what, artifactUri.substring(SCHEME.length())));
    names.addAll(path);
    return String.join("/", names);
  }

  private static List<String> names(String what, String path) throws TrackingRefusedException {
    List<String> names = List.of(path.split("/", -1));
    for (String name : names) {
      if (name.isEmpty() || name.equals(".") || name.equals("..")) {
        throw new TrackingRefusedException(
            what + ": expected a relative path without empty, '.' or '..' parts");
      }
      if (name.getBytes(StandardCharsets.UTF_8).length > LONGEST_NAME) {
        throw new TrackingRefusedException(
            what
                + ": a name of "
                + name.length()
                + " characters is longer than file systems allow ("
                + LONGEST_NAME
                + " bytes); give the file a shorter one");
      }
    }
    return names;
  }

  private static String shown(String path) {
    return path.length() > 200 ? path.substring(0, 200) + "..." : path;
  }

  private static TrackingRefusedException unreadable(String what, Path file, Exception cause) {
    return new TrackingRefusedException(
        what + ": the file " + file + " cannot be read: " + cause, cause);
  }
}
