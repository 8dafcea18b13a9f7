package org.voxbench.steps.download;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import org.voxbench.steps.PermanentStepException;
import org.voxbench.steps.StepContext;

/** Fetches archives over the network, checks their digests and brings the dataset inside them. */
final class HttpsSource {

  /** Below the step's output while it works; removed at the end. */
  static final String DOWNLOADS = "downloads";

  private final Patience patience;
  private final Map<String, String> environment;

  HttpsSource(Patience patience, Map<String, String> environment) {
    this.patience = patience;
    this.environment = environment;
  }

  static void bring(Source.Https source, Download.Request request, StepContext context)
      throws IOException {
    new HttpsSource(Patience.defaults(), System.getenv()).fetch(source, request, context);
  }

  void fetch(Source.Https source, Download.Request request, StepContext context)
      throws IOException {
    Path downloads = context.output().resolve(DOWNLOADS);
    Files.createDirectories(downloads);
    for (Source.RemoteFile file : source.files()) {
      fetch(file, source, downloads, context);
    }
    FolderSource.bring(downloads, request, context);
    Trees.delete(downloads);
  }

  private void fetch(
      Source.RemoteFile wanted, Source.Https source, Path downloads, StepContext context)
      throws IOException {
    Path file = downloads.resolve(wanted.name());
    Path part = downloads.resolve(wanted.name() + ".part");
    Optional<Path> earlier = context.earlier().map(folder -> folder.resolve(DOWNLOADS));
    if (earlier.isPresent()) {
      Path complete = earlier.get().resolve(wanted.name());
      if (Files.isRegularFile(complete) && digest(complete).equals(wanted.sha256())) {
        Files.copy(complete, file);
        return;
      }
      PartialFile.adopt(earlier.get().resolve(wanted.name() + ".part"), part);
    }
    boolean resumed = Files.exists(part);
    Remote remote = new Remote(URI.create(wanted.url()), token(source), patience.stall());
    Fetch fetch = new Fetch(remote, wanted.name(), patience, source.connections(), context);
    fetch.to(file, part);
    String found = digest(file);
    if (resumed && !found.equals(wanted.sha256())) {
      context
          .listener()
          .note(
              wanted.name()
                  + ": what an earlier attempt left does not fit the file on the server;"
                  + " starting afresh");
      Files.delete(file);
      fetch.to(file, part);
      found = digest(file);
    }
    if (!found.equals(wanted.sha256())) {
      Files.delete(file);
      throw damaged(wanted, found);
    }
    if (!Extraction.isArchive(file)) {
      throw new PermanentStepException(wanted.url() + ": expected a zip, tar or tar.gz archive");
    }
  }

  private static PermanentStepException damaged(Source.RemoteFile wanted, String found) {
    return new PermanentStepException(
        wanted.url()
            + ": expected SHA-256 "
            + wanted.sha256()
            + " but found "
            + found
            + "; the file was damaged or replaced. Correct dataset.source.files.sha256 only when its"
            + " publisher announced a new version");
  }

  private Optional<String> token(Source.Https source) {
    String variable = source.tokenVariable();
    if (variable == null) {
      return Optional.empty();
    }
    String token = environment.get(variable);
    if (token == null || token.isBlank()) {
      throw new PermanentStepException(
          "dataset.source.tokenVariable: the environment variable "
              + variable
              + " is not set; export it before the run");
    }
    return Optional.of(token);
  }

  static String digest(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] buffer = new byte[1 << 16];
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        digest.update(buffer, 0, count);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
