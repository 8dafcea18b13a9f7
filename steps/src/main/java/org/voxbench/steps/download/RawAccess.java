package org.voxbench.steps.download;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.voxbench.steps.StepContext;

/**
 * A dataset's raw scans laid open to be looked at: in place where they lie as files, else unpacked,
 * made or fetched into a folder that closing deletes.
 */
public final class RawAccess implements Closeable {

  private final Path folder;
  private final Optional<Path> scratch;

  private RawAccess(Path folder, Optional<Path> scratch) {
    this.folder = folder;
    this.scratch = scratch;
  }

  /**
   * Opens the source of a dataset.
   *
   * @param context its output is an existing folder in which a scratch folder is made when one is
   *     needed; its inputs are not used
   * @throws org.voxbench.steps.PermanentStepException when the data is not there, with what to do
   */
  public static RawAccess open(Download.Request request, StepContext context) throws IOException {
    if (request.source() instanceof Source.Folder folder) {
      return files(Path.of(folder.path()), context);
    }
    if (request.source() instanceof Source.Manual manual) {
      ManualSource.require(manual, request.name());
      return files(Path.of(manual.path()), context);
    }
    return into(context, scratch -> new Download().run(request, scratch));
  }

  private static RawAccess files(Path path, StepContext context) throws IOException {
    FolderSource.require(path);
    List<Path> archives = FolderSource.archivesIn(path);
    return archives.isEmpty()
        ? new RawAccess(path, Optional.empty())
        : into(context, scratch -> FolderSource.unpack(archives, scratch.output(), scratch));
  }

  /** Fills a scratch folder. */
  @FunctionalInterface
  private interface Filling {
    void fill(StepContext scratch) throws IOException;
  }

  private static RawAccess into(StepContext context, Filling filling) throws IOException {
    Path folder = Files.createTempDirectory(context.output(), "raw-");
    RawAccess access = new RawAccess(folder, Optional.of(folder));
    StepContext scratch =
        new StepContext(
            Map.of(),
            folder,
            Optional.empty(),
            context.listener(),
            context.stop(),
            context.resources());
    try {
      filling.fill(scratch);
      return access;
    } catch (IOException | RuntimeException e) {
      access.close();
      throw e;
    }
  }

  /** In or below which the dataset lies. */
  public Path folder() {
    return folder;
  }

  @Override
  public void close() throws IOException {
    if (scratch.isPresent()) {
      Trees.delete(scratch.get());
    }
  }
}
