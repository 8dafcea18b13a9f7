package org.voxbench.workflows.coordinator;

import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.voxbench.workflows.Home;
import org.voxbench.workflows.journal.Run;
import org.voxbench.workflows.journal.RunIndex;
import org.voxbench.workflows.journal.RunIndex.Filter;
import org.voxbench.workflows.journal.RunJournal;
import org.voxbench.workflows.journal.RunState;
import org.voxbench.workflows.journal.Submission;
import org.voxbench.workflows.sweep.SweepBook;
import org.voxbench.workflows.sweep.SweepRun;

/**
 * What waits in a home folder for a coordinator.
 *
 * @param sweeps ids of those that have not ended
 * @param runs ids of queued runs, the most urgent first, but for the cells of those sweeps
 */
record OpenWork(List<String> sweeps, List<String> runs) {

  static OpenWork of(Home home, RunJournal journal, InstantSource clock) throws IOException {
    List<String> sweeps =
        new SweepBook(home, clock)
            .all().stream()
                .filter(sweep -> sweep.state() == SweepRun.State.RUNNING)
                .map(SweepRun::id)
                .toList();
    List<String> runs = new ArrayList<>();
    for (Run run :
        journal
            .runs()
            .find(Filter.in(RunState.QUEUED), RunIndex.Sort.PRIORITY, Integer.MAX_VALUE)) {
      String sweep = RunJournal.submission(home.run(run.id())).map(Submission::sweep).orElse(null);
      if (sweep == null || !sweeps.contains(sweep)) {
        runs.add(run.id());
      }
    }
    return new OpenWork(sweeps, runs);
  }
}
