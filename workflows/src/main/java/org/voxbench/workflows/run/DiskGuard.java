package org.voxbench.workflows.run;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Optional;
import org.voxbench.steps.StepStoppedException;
import org.voxbench.workflows.Home;

/** Sees to it that a full disk stops new work before it stops the record of what was done. */
public final class DiskGuard {

  private static final long RESERVE_MEBIBYTES =
      Long.getLong("voxbench.disk.reserve.mebibytes", 256);

  private final Home home;

  private DiskGuard(Home home) {
    this.home = home;
  }

  /** The guard of a home folder. */
  public static DiskGuard of(Home home) {
    return new DiskGuard(home);
  }

  /** In words, why no work is taken on; nothing when there is room. */
  public Optional<String> refusal() {
    try {
      long free = Files.getFileStore(home.root()).getUsableSpace() >> 20;
      return free >= RESERVE_MEBIBYTES
          ? Optional.empty()
          : Optional.of(
              "the disk of home folder "
                  + home.root()
                  + " is full: expected at least "
                  + RESERVE_MEBIBYTES
                  + " MiB free but found "
                  + free
                  + ". No new work is taken on and all that was done is kept; make room"
                  + " (voxbench gc --dry-run shows what can go)");
    } catch (IOException e) {
      return Optional.of("cannot ask for the free space of " + home.root() + ": " + e);
    }
  }

  /** Stops the run that would begin something new. */
  void check() {
    refusal()
        .ifPresent(
            why -> {
              throw new StepStoppedException(why);
            });
  }
}
