package org.voxbench.workflows.coordinator;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.voxbench.workflows.Home;
import org.voxbench.workflows.journal.Run;
import org.voxbench.workflows.journal.RunJournal;
import org.voxbench.workflows.keep.Garbage;
import org.voxbench.workflows.keep.Garbage.Item;
import org.voxbench.workflows.keep.RunArchive;
import org.voxbench.workflows.run.RunFolders;
import org.voxbench.workflows.run.Tidying;

/** Keeps a home folder in order while its runs may go on. */
final class Keeper {

  private final Home home;
  private final RunJournal journal;
  private final Tidying tidying;
  private final Garbage garbage;

  Keeper(Home home, RunJournal journal, Tidying tidying, InstantSource clock) {
    this.home = home;
    this.journal = journal;
    this.tidying = tidying;
    this.garbage = new Garbage(home, clock);
  }

  /**
   * Removes what no run needs.
   *
   * @param days how long ago a run has to have ended to be removed itself, or null
   */
  Cleared clear(@Nullable Integer days) throws IOException {
    return tidying.removing(
        () -> {
          List<Run> old = days == null ? List.of() : garbage.endedBefore(Duration.ofDays(days));
          for (Run run : old) {
            journal.forget(run.id());
            garbage.remove(new Item(home.run(run.id()), 0, "old"));
          }
          List<Item> items = garbage.find();
          for (Item item : items) {
            garbage.remove(item);
          }
          return new Cleared(old.stream().map(Run::id).toList(), items);
        });
  }

  void pin(String run, boolean pinned) throws IOException {
    RunFiles.read(home, run);
    boolean unused =
        tidying.removing(
            () -> {
              garbage.pin(run, pinned);
              return true;
            });
  }

  void backup(OutputStream out) throws IOException {
    boolean unused =
        tidying.relying(
            () -> {
              new RunArchive(home).backup(out);
              return true;
            });
  }

  void export(String id, OutputStream out) throws IOException {
    Run run = RunFiles.read(home, id);
    if (!run.state().ended()) {
      throw new IllegalArgumentException(
          "run " + id + ": expected one that has ended but it is " + run.state());
    }
    boolean unused =
        tidying.relying(
            () -> {
              new RunArchive(home).export(run, out);
              return true;
            });
  }

  /** Takes a run into the index whose folder somebody put there. */
  void found(String id) throws IOException {
    RunFiles.read(home, id);
    new RunFolders(home, journal).take(id);
  }
}
