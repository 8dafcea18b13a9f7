package org.voxbench.workflows.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.voxbench.steps.StepName;
import org.voxbench.workflows.journal.RunIndex.Filter;
import org.voxbench.workflows.journal.RunIndex.Sort;
import org.voxbench.workflows.journal.RunJournal.Match;
import org.voxbench.workflows.run.RunBench;

class RunIndexTest {

  @TempDir private Path folder = Path.of("");

  @Test
  void aRunThatWaitsForADeviceIsShownAsQueuedEverywhereAndKeepsItsStateInTheJournal()
      throws IOException {
    RunBench bench = new RunBench(folder);
    String waiting = bench.queued(1);
    String working = bench.queued(2);
    RunJournal journal = bench.journal();
    bench.lifecycle().begin(waiting);
    bench.lifecycle().begin(working);
    journal.update(working, r -> r.with(StepName.DOWNLOAD, s -> s.become(RunState.RUNNING, null)));

    assertThat(journal.runs().counts()).isEqualTo(Map.of(RunState.QUEUED, 1, RunState.RUNNING, 1));
    assertThat(journal.runs().list(Filter.in(RunState.QUEUED), Sort.CREATED, 10))
        .extracting(Run::id)
        .containsExactly(waiting);
    assertThat(journal.newest(Match.of(RunState.RUNNING), 10, 0))
        .extracting(Run::id)
        .containsExactly(working);
    assertThat(journal.runs().find(Filter.in(RunState.RUNNING), Sort.NAME, 10)).hasSize(2);
    assertThat(bench.find(waiting).state()).isEqualTo(RunState.RUNNING);
    assertThat(bench.find(waiting).shown()).isEqualTo(RunState.QUEUED);
  }
}
