package org.voxbench.steps.download;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.voxbench.steps.PermanentStepException;
import org.voxbench.steps.StepContext;
import org.voxbench.steps.StepStoppedException;

/**
 * Asks a person for data that only a person may fetch, waits as long as allowed, then brings it.
 */
final class ManualSource {

  private static final Duration LOOK_AGAIN = Duration.ofSeconds(3);

  private final Source.Manual source;
  private final Download.Request request;
  private final StepContext context;
  private final Duration lookAgain;

  ManualSource(
      Source.Manual source, Download.Request request, StepContext context, Duration lookAgain) {
    this.source = source;
    this.request = request;
    this.context = context;
    this.lookAgain = lookAgain;
  }

  static void bring(Source.Manual source, Download.Request request, StepContext context)
      throws IOException {
    new ManualSource(source, request, context, LOOK_AGAIN).bring();
  }

  /** For who will not wait: the data is there, or its instructions are the message. */
  static void require(Source.Manual source, String dataset) throws IOException {
    if (extent(Path.of(source.path())).files() == 0) {
      throw new PermanentStepException(asking(source, dataset));
    }
  }

  /** What tells, without reading it, that somebody is still copying. */
  private record Extent(long files, long bytes) {}

  void bring() throws IOException {
    Path path = Path.of(source.path());
    if (extent(path).files() == 0) {
      if (source.minutes() == 0) {
        throw new PermanentStepException(asking());
      }
      context.listener().note(asking());
      await(path);
    }
    FolderSource.bring(path, request, context);
  }

  private void await(Path path) throws IOException {
    long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(source.minutes());
    Extent before = new Extent(0, 0);
    while (System.nanoTime() < deadline) {
      context.stop().check();
      Extent now = extent(path);
      if (now.files() > 0 && now.bytes() >= 0 && now.equals(before)) {
        return;
      }
      before = now;
      try {
        Thread.sleep(lookAgain.toMillis());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new StepStoppedException("interrupted while waiting for " + source.path(), e);
      }
    }
    throw new PermanentStepException(asking());
  }

  private static Extent extent(Path path) throws IOException {
    if (!Files.exists(path)) {
      return new Extent(0, 0);
    }
    long files = 0;
    long bytes = 0;
    try (Stream<Path> found = Files.walk(path)) {
      for (Path file : found.filter(Files::isRegularFile).toList()) {
        files++;
        bytes += Files.size(file);
      }
    } catch (UncheckedIOException | NoSuchFileException e) {
      // Somebody is moving files about: the next look tells more.
      return new Extent(files, -1);
    }
    return new Extent(files, bytes);
  }

  private String asking() {
    return asking(source, request.name());
  }

  private static String asking(Source.Manual source, String dataset) {
    return "dataset "
        + dataset
        + " is not at "
        + source.path()
        + " and has to be fetched by you:\n"
        + source.instructions().strip()
        + "\nThen run again. To let the run wait for it, set dataset.source.waitMinutes.";
  }
}
