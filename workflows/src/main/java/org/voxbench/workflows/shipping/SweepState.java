package org.voxbench.workflows.shipping;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.voxbench.workflows.Home;
import org.voxbench.workflows.journal.Run;
import org.voxbench.workflows.journal.RunJournal;
import org.voxbench.workflows.journal.RunState;
import org.voxbench.workflows.journal.Submission;
import org.voxbench.workflows.sweep.SweepBook;
import org.voxbench.workflows.sweep.SweepRun;

/**
 * Where a sweep stands, as its own folder says; where that is missing, as its runs say.
 *
 * @param state RUNNING, SUCCEEDED, FAILED or CANCELLED
 * @param finished when it ended, or null
 * @param cells such as {@code 3 of 5 ended, 2 succeeded}
 * @param report files about the whole sweep by artifact path
 * @param runs the runs of its cells so far
 */
record SweepState(
    String state,
    @Nullable Instant finished,
    String cells,
    Map<String, Path> report,
    List<Run> runs) {

  SweepState {
    report = new TreeMap<>(report);
    runs = List.copyOf(runs);
  }

  /** Tells this state from every other. */
  String stamp() {
    return state + " " + cells;
  }

  /** The name of a sweep, of which its id is one execution. */
  static String name(Home home, String sweep) {
    try {
      return book(home, sweep).map(SweepRun::name).orElse(sweep.replaceAll("-\\d+$", ""));
    } catch (IOException unreadable) {
      return sweep.replaceAll("-\\d+$", "");
    }
  }

  /** When a sweep was asked for. */
  static Instant started(Home home, String sweep, Instant otherwise) {
    try {
      return book(home, sweep).map(SweepRun::created).orElse(otherwise);
    } catch (IOException unreadable) {
      return otherwise;
    }
  }

  static SweepState read(Home home, String sweep) throws IOException {
    Optional<SweepRun> known = book(home, sweep);
    if (known.isEmpty()) {
      return ofRuns(runs(home, sweep));
    }
    List<Run> runs = new ArrayList<>();
    for (SweepRun.Cell cell : known.get().cells()) {
      String id = cell.run();
      if (id != null && Files.exists(home.run(id).resolve("run.json"))) {
        runs.add(RunContent.read(home, id).run());
      }
    }
    Map<String, Path> report = new TreeMap<>();
    for (String ending : new String[] {"html", "md", "csv", "json"}) {
      Path part = folder(home, sweep).resolve("report." + ending);
      if (Files.exists(part)) {
        report.put("report/report." + ending, part);
      }
    }
    return new SweepState(
        known.get().state().name(),
        known.get().finished(),
        cells(known.get().cells().size(), runs),
        report,
        runs);
  }

  /** When a sweep was last written down; changes with its state. */
  static long written(Home home, String sweep) throws IOException {
    Path file = folder(home, sweep).resolve("sweep.json");
    return Files.exists(file) ? Files.getLastModifiedTime(file).toMillis() : 0;
  }

  private static Path folder(Home home, String sweep) {
    return new SweepBook(home, InstantSource.system()).folder(sweep);
  }

  private static Optional<SweepRun> book(Home home, String sweep) throws IOException {
    return Files.exists(folder(home, sweep).resolve("sweep.json"))
        ? Optional.of(new SweepBook(home, InstantSource.system()).read(sweep))
        : Optional.empty();
  }

  private static String cells(int all, List<Run> runs) {
    long ended = runs.stream().filter(run -> run.state().ended()).count();
    long succeeded = runs.stream().filter(run -> run.state() == RunState.SUCCEEDED).count();
    return ended + " of " + all + " ended, " + succeeded + " succeeded";
  }

  private static SweepState ofRuns(List<Run> runs) {
    Instant finished =
        runs.stream()
            .map(run -> Optional.ofNullable(run.finished()).orElse(Instant.MAX))
            .max(Comparator.naturalOrder())
            .orElse(Instant.MAX);
    boolean ended = runs.stream().allMatch(run -> run.state().ended()) && !runs.isEmpty();
    boolean well = runs.stream().allMatch(run -> run.state() == RunState.SUCCEEDED);
    return new SweepState(
        !ended ? "RUNNING" : well ? "SUCCEEDED" : "FAILED",
        ended && !finished.equals(Instant.MAX) ? finished : null,
        cells(runs.size(), runs),
        Map.of(),
        runs);
  }

  private static List<Run> runs(Home home, String sweep) throws IOException {
    List<Run> runs = new ArrayList<>();
    for (String id : TrackingShipper.runs(home)) {
      Optional<Submission> submission = RunJournal.submission(home.run(id));
      if (submission.map(Submission::sweep).filter(sweep::equals).isPresent()) {
        runs.add(RunContent.read(home, id).run());
      }
    }
    return runs;
  }
}
