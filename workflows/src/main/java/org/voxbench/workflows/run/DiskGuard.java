package org.voxbench.workflows.run;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.voxbench.steps.FullDisk;
import org.voxbench.steps.StepStoppedException;
import org.voxbench.workflows.Home;

/** Sees to it that a full disk stops new work before it stops the record of what was done. */
public final class DiskGuard {

  private static final Logger LOG = LoggerFactory.getLogger(DiskGuard.class);

  private static final long RESERVE_MEBIBYTES =
      Long.getLong("voxbench.disk.reserve.mebibytes", 256);

  /** Kept in reserve for what has to be written when there is no room. */
  private static final int SPARE = 8 << 20;

  /** Less than this is none: whoever fills the disk may be done with it in a moment. */
  private static final long LAST = 4 << 20;

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

  /** The same refusal, where a failure came of a full disk. */
  public Optional<String> refusal(Throwable failure) {
    return FullDisk.reason(failure).isEmpty() ? Optional.empty() : refusal();
  }

  /** Sets room aside that {@link #relieve} gives back, where there is some. */
  public void setAside() {
    try {
      if (refusal().isEmpty()) {
        spare().setAside();
      }
    } catch (IOException e) {
      LOG.info("no room is set aside: {}", e.getMessage());
    }
  }

  /** Gives the room that was set aside to those who write, once there is next to none left. */
  void relieve() {
    try {
      if (home.root().toFile().getUsableSpace() < LAST && spare().giveBack()) {
        LOG.warn("the disk of home folder {} is full; the last room is used up now", home.root());
      }
    } catch (IOException e) {
      LOG.warn("the room that was set aside in {} stays: {}", home.root(), e.getMessage());
    }
  }

  private Spare spare() {
    return new Spare(home.root().resolve("spare"), SPARE);
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
