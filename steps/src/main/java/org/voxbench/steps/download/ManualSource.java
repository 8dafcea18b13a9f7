package org.voxbench.steps.download;

import java.io.IOException;
import java.nio.file.Files;
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

  private static final Duration LOOK_AGAIN = Duration.ofSeconds(2);

  private ManualSource() {}

  static void bring(Source.Manual source, Download.Request request, StepContext context)
      throws IOException {
    Path path = Path.of(source.path());
    if (!isThere(path)) {
      context.listener().note(asking(source, request));
      await(source, request, context);
    }
    FolderSource.bring(path, request, context);
  }

  private static void await(Source.Manual source, Download.Request request, StepContext context)
      throws IOException {
    long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(source.minutes());
    while (!isThere(Path.of(source.path()))) {
      context.stop().check();
      if (System.nanoTime() >= deadline) {
        throw new PermanentStepException(asking(source, request));
      }
      try {
        Thread.sleep(LOOK_AGAIN.toMillis());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new StepStoppedException("interrupted while waiting for " + source.path(), e);
      }
    }
  }

  /** A folder counts once something is in it. */
  private static boolean isThere(Path path) throws IOException {
    if (!Files.isDirectory(path)) {
      return Files.exists(path);
    }
    try (Stream<Path> files = Files.list(path)) {
      return files.findAny().isPresent();
    }
  }

  private static String asking(Source.Manual source, Download.Request request) {
    return "dataset "
        + request.name()
        + " is not at "
        + source.path()
        + " and has to be fetched by you:\n"
        + source.instructions().strip()
        + "\nThen run again; dataset.source.path names another place, dataset.source.waitMinutes"
        + " lets the run wait.";
  }
}
