package org.voxbench.workflows.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.voxbench.steps.PermanentStepException;
import org.voxbench.workflows.config.Retries;
import org.voxbench.workflows.config.Sweep;
import org.voxbench.workflows.config.SweepFile;
import org.voxbench.workflows.journal.Run;
import org.voxbench.workflows.journal.Submission;
import org.voxbench.workflows.run.RunBench;
import org.voxbench.workflows.sweep.SweepBook;
import org.voxbench.workflows.sweep.SweepBook.Frozen;
import org.voxbench.workflows.sweep.SweepReport;
import org.voxbench.workflows.sweep.SweepRun;
import org.voxbench.workflows.sweep.SweepRun.Cell;
import org.voxbench.workflows.sweep.SweepWork;

class SweepRoutesTest {

  private static final InstantSource CLOCK = InstantSource.system();
  private static final Map<String, Integer> VERSIONS = Map.of("train", 1);
  private static final String EXPERIMENT =
      """
      name: small
      dataset:
        name: phantom
        modalities: [CT]
        labels: {1: liver, 2: spleen}
        split: {kind: listed, validation: [a]}
        source: {kind: phantom, anatomy: ct-abdomen}
      """;

  @TempDir private Path folder = Path.of("");
  private RunBench bench;
  private SweepBook book;
  private SweepWork work;
  private final AtomicBoolean full = new AtomicBoolean();

  @BeforeEach
  void open() throws IOException {
    bench = new RunBench(folder.resolve("home"));
    book = new SweepBook(bench.home(), CLOCK);
    work = new SweepWork(book, bench.journal(), new BenchDesk(), CLOCK);
    Files.writeString(folder.resolve("e.yaml"), EXPERIMENT);
  }

  /** Runs whose steps count: the seed of the cell is their number. */
  private final class BenchDesk implements SweepWork.CellDesk {

    @Override
    public String submit(Frozen frozen, SweepRun sweep, Cell cell) throws IOException {
      if (full.get()) {
        throw new IllegalArgumentException("the disk is full");
      }
      String id = bench.queued(frozen.experiment().path("seed").asInt());
      Submission submission = new Submission(cell.configuration(), 0, sweep.id(), cell.label());
      bench.journal().submit(bench.find(id), submission);
      return id;
    }

    @Override
    public void resume(String run) {
      bench.journal().update(run, Run::requeued);
    }

    @Override
    public boolean stopping() {
      return false;
    }
  }

  private SweepRun fill(String seeds, String more) throws IOException {
    Path file = folder.resolve("s.yaml");
    Files.writeString(file, "name: s\nexperiment: e.yaml\nmatrix: {seed: " + seeds + "}\n" + more);
    Sweep sweep = new SweepFile(Map.of()).read(file, List.of(), Map.of());
    SweepRun begun = book.begin(sweep, VERSIONS, false, null);
    try (Routes routes =
        Routes.start(bench.runner(), bench.lifecycle(), new Retries(0, 1, 1), 2, work)) {
      routes.sweep(begun.id());
    }
    return work.find(begun.id());
  }

  @Test
  void everyCellHasItsRunAndTheTableNamesThemAll() throws IOException {
    SweepRun sweep = fill("[1, 2, 3]", "");

    assertThat(sweep.state()).isEqualTo(SweepRun.State.SUCCEEDED);
    assertThat(sweep.cells()).extracting(Cell::run).doesNotContainNull().doesNotHaveDuplicates();
    assertThat(bench.worked()).hasSize(18);
    String table = new SweepReport(sweep, id -> bench.journal().find(id)).csv();
    assertThat(table.lines()).hasSize(4).element(0).asString().startsWith("seed,state,Dice");
    for (String ending : List.of("md", "html", "csv", "json")) {
      assertThat(book.folder(sweep.id()).resolve("report." + ending)).isNotEmptyFile();
    }
  }

  @Test
  void theSameSweepAgainDoesNothingAndALargerOneOnlyWhatIsNew() throws IOException {
    SweepRun first = fill("[1, 2]", "");
    int before = bench.worked().size();

    SweepRun again = fill("[1, 2]", "");
    assertThat(bench.worked()).hasSize(before);
    assertThat(again.cells()).isEqualTo(first.cells());

    SweepRun larger = fill("[1, 2, 3]", "");
    assertThat(larger.state()).isEqualTo(SweepRun.State.SUCCEEDED);
    assertThat(bench.worked()).hasSize(before + 6);
  }

  @Test
  void aFailedCellIsFilledNextTimeByTheSameRun() throws IOException {
    AtomicBoolean mended = new AtomicBoolean();
    bench.beforeTraining(
        () -> {
          if (!mended.get()) {
            throw new PermanentStepException("case 3 has a NaN voxel");
          }
        });

    SweepRun failed = fill("[1]", "");
    mended.set(true);
    SweepRun filled = fill("[1]", "");

    assertThat(failed.state()).isEqualTo(SweepRun.State.FAILED);
    assertThat(failed.message()).contains("1 of 1 cells", "seed=1");
    assertThat(filled.state()).isEqualTo(SweepRun.State.SUCCEEDED);
    assertThat(filled.cells()).isEqualTo(failed.cells());
  }

  @Test
  void cellsThatCannotBeBegunEndTheSweepWithTheReasonAndAreFilledNextTime() throws IOException {
    full.set(true);
    SweepRun refused = fill("[1, 2]", "");
    full.set(false);
    SweepRun filled = fill("[1, 2]", "");

    assertThat(refused.state()).isEqualTo(SweepRun.State.FAILED);
    assertThat(refused.message()).contains("2 of 2 cells", "not begun (the disk is full)");
    assertThat(filled.state()).isEqualTo(SweepRun.State.SUCCEEDED);
  }

  @Test
  void aBudgetLeavesCellsUndoneAndSaysSo() throws IOException {
    SweepRun sweep = fill("[1, 2, 3]", "budget: {cells: 2}\nconcurrency: 1\n");

    assertThat(sweep.state()).isEqualTo(SweepRun.State.FAILED);
    assertThat(sweep.message()).contains("1 of 3 cells", "budget");
    assertThat(fill("[1, 2, 3]", "").state()).isEqualTo(SweepRun.State.SUCCEEDED);
    assertThat(bench.worked()).hasSize(18);
  }

  @Test
  void aSweepThatWasInterruptedGoesOnWithItsMissingCells() throws IOException {
    Path file = folder.resolve("s.yaml");
    Files.writeString(file, "name: s\nexperiment: e.yaml\nmatrix: {seed: [1, 2]}\n");
    Sweep sweep = new SweepFile(Map.of()).read(file, List.of(), Map.of());
    SweepRun begun = book.begin(sweep, VERSIONS, false, null);
    assertThat(work.begin(begun.id(), 0)).isPresent();
    assertThat(book.open(sweep, VERSIONS))
        .hasValueSatisfying(open -> assertThat(open.id()).isEqualTo(begun.id()));

    try (Routes routes =
        Routes.start(bench.runner(), bench.lifecycle(), new Retries(0, 1, 1), 2, work)) {
      routes.sweep(begun.id());
    }

    assertThat(work.find(begun.id()).state()).isEqualTo(SweepRun.State.SUCCEEDED);
    assertThat(bench.worked()).hasSize(12);
  }
}
