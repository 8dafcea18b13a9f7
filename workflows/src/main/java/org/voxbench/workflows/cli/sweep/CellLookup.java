package org.voxbench.workflows.cli.sweep;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.voxbench.workflows.Home;
import org.voxbench.workflows.coordinator.RunFiles;
import org.voxbench.workflows.journal.Run;
import org.voxbench.workflows.journal.RunJournal;
import org.voxbench.workflows.journal.RunState;
import org.voxbench.workflows.journal.Submission;

/** Finds runs by configuration in the run folders, without the index. */
final class CellLookup {

  private CellLookup() {}

  /** The newest succeeded run of a configuration, or else the newest, or null. */
  static @Nullable Run newest(Home home, String configuration) throws IOException {
    if (!Files.isDirectory(home.runs())) {
      return null;
    }
    @Nullable Run newest = null;
    List<Run> runs = RunFiles.all(home);
    for (Run run : runs) {
      boolean same =
          RunJournal.submission(home.run(run.id()))
              .map(Submission::configuration)
              .filter(configuration::equals)
              .isPresent();
      if (same && run.state() == RunState.SUCCEEDED) {
        return run;
      }
      newest = same && newest == null ? run : newest;
    }
    return newest;
  }
}
