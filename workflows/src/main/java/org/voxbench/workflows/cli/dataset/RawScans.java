package org.voxbench.workflows.cli.dataset;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.voxbench.steps.Resources;
import org.voxbench.steps.RunListener;
import org.voxbench.steps.StepContext;
import org.voxbench.steps.StepName;
import org.voxbench.steps.StopSignal;
import org.voxbench.steps.download.RawAccess;
import org.voxbench.workflows.Home;
import org.voxbench.workflows.Json;
import org.voxbench.workflows.coordinator.Steps;
import org.voxbench.workflows.run.Planner;
import org.voxbench.workflows.run.Store;

/**
 * The raw scans of the datasets that a command looks at. Scans that earlier runs have made or
 * fetched are taken from the store; what else has to be unpacked, made or fetched lies below the
 * home folder until closing.
 */
final class RawScans implements Closeable {

  private final Home home;
  private final RunListener listener;
  private final StopSignal stop;
  private final List<RawAccess> open = new ArrayList<>();
  private final boolean homeExisted;

  RawScans(Home home, RunListener listener, StopSignal stop) {
    this.home = home;
    this.listener = listener;
    this.stop = stop;
    this.homeExisted = Files.exists(home.root());
  }

  /** The folder in or below which a dataset's raw scans lie. */
  Path folder(DatasetArgument dataset) throws IOException {
    Optional<Path> stored = stored(dataset);
    if (stored.isPresent()) {
      return stored.get();
    }
    RawAccess access = RawAccess.open(dataset.download(), context(dataset.resources()));
    open.add(access);
    return access.folder();
  }

  /** Where the user's own files are to be had, messages shall name those. */
  private Optional<Path> stored(DatasetArgument dataset) throws IOException {
    boolean elsewhere =
        dataset.download().source() instanceof org.voxbench.steps.download.Source.Https
            || dataset.download().source() instanceof org.voxbench.steps.download.Source.Phantom;
    if (!elsewhere || !Files.isDirectory(home.store())) {
      return Optional.empty();
    }
    return new Planner(Steps.all(Path.of("")), new Store(home.store()))
        .decide(StepName.DOWNLOAD, Json.MAPPER.valueToTree(dataset.download()), Map.of())
        .published()
        .map(Store.Published::output);
  }

  /** A context whose output is for scratch alone. */
  StepContext context(Resources resources) throws IOException {
    Files.createDirectories(home.root());
    return new StepContext(Map.of(), home.root(), Optional.empty(), listener, stop, resources);
  }

  @Override
  public void close() throws IOException {
    for (RawAccess access : open) {
      access.close();
    }
    if (!homeExisted) {
      try {
        Files.deleteIfExists(home.root());
      } catch (DirectoryNotEmptyException e) {
        // Somebody else began to use it meanwhile.
      }
    }
  }
}
