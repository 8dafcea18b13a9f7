package org.voxbench.workflows.coordinator;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.voxbench.workflows.Home;
import org.voxbench.workflows.Json;
import org.voxbench.workflows.keep.RunArchive;
import org.voxbench.workflows.run.Tidying;

/**
 * Keeps a home folder in order, by way of the coordinator that holds it, or else by taking it for
 * that long.
 */
public final class Keeping {

  private final Home home;
  private final Optional<RemoteCoordinator> coordinator;

  private Keeping(Home home, Optional<RemoteCoordinator> coordinator) {
    this.home = home;
    this.coordinator = coordinator;
  }

  /** For a home folder that is prepared. */
  public static Keeping of(Home home) throws IOException {
    return new Keeping(home, RemoteCoordinator.answering(home));
  }

  /** What somebody who holds the home folder is asked to do. */
  private interface Work<T> {
    T with(Keeper keeper) throws IOException;
  }

  private <T> T alone(Work<T> work) throws IOException {
    try (Ground ground = Ground.take(home)) {
      return work.with(new Keeper(home, ground.journal(), new Tidying(), InstantSource.system()));
    }
  }

  /**
   * Removes what no run needs.
   *
   * @param days how long ago a run has to have ended to be removed itself, or null
   */
  public Cleared clear(@Nullable Integer days) throws IOException {
    if (coordinator.isEmpty()) {
      return alone(keeper -> keeper.clear(days));
    }
    return Json.MAPPER.treeToValue(
        coordinator.get().patiently("/api/gc" + (days == null ? "" : "?days=" + days)),
        Cleared.class);
  }

  /** Protects a run, or lets it go. */
  public void pin(String run, boolean pinned) throws IOException {
    if (coordinator.isPresent()) {
      coordinator.get().patiently("/api/runs/" + run + (pinned ? "/pin" : "/unpin"));
    } else {
      boolean unused =
          alone(
              keeper -> {
                keeper.pin(run, pinned);
                return true;
              });
    }
  }

  /** Writes the home folder into a file that must not exist. */
  public void backup(Path file) throws IOException {
    save(file, "/api/backup", (keeper, out) -> keeper.backup(out));
  }

  /** Writes a run with its outputs into a file that must not exist. */
  public void export(String run, Path file) throws IOException {
    save(file, "/api/runs/" + run + "/export", (keeper, out) -> keeper.export(run, out));
  }

  private interface Archive {
    void write(Keeper keeper, java.io.OutputStream out) throws IOException;
  }

  private void save(Path file, String path, Archive archive) throws IOException {
    RunArchive.save(
        file,
        out -> {
          if (coordinator.isPresent()) {
            try (InputStream in = coordinator.get().download(path)) {
              in.transferTo(out);
            }
          } else {
            boolean unused =
                alone(
                    keeper -> {
                      archive.write(keeper, out);
                      return true;
                    });
          }
        });
  }

  /** Has a run seen whose folder was put into the home folder. */
  public void found(String run) throws IOException {
    if (coordinator.isPresent()) {
      coordinator.get().patiently("/api/runs/" + run + "/found");
    } else {
      boolean unused =
          alone(
              keeper -> {
                keeper.found(run);
                return true;
              });
    }
  }
}
