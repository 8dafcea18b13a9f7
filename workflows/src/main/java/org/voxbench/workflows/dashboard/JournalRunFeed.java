package org.voxbench.workflows.dashboard;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.voxbench.steps.StepName;
import org.voxbench.steps.evaluate.Scores;
import org.voxbench.ui.Curve;
import org.voxbench.ui.Point;
import org.voxbench.ui.RunDetails;
import org.voxbench.ui.RunFeed;
import org.voxbench.ui.RunList;
import org.voxbench.ui.RunQuery;
import org.voxbench.ui.RunRow;
import org.voxbench.ui.ScoreTable;
import org.voxbench.ui.StepRow;
import org.voxbench.workflows.Home;
import org.voxbench.workflows.journal.CurveJournal;
import org.voxbench.workflows.journal.Run;
import org.voxbench.workflows.journal.RunJournal;
import org.voxbench.workflows.journal.RunJournal.Match;
import org.voxbench.workflows.journal.RunState;
import org.voxbench.workflows.journal.StepRun;

/** Adapts the journal to what the pages draw. */
public final class JournalRunFeed implements RunFeed {

  private final Home home;
  private final RunJournal journal;
  private final LiveSteps live;
  private final RunContents contents;

  public JournalRunFeed(Home home, RunJournal journal, LiveSteps live) {
    this.home = home;
    this.journal = journal;
    this.live = live;
    contents = new RunContents(home);
  }

  @Override
  public RunList runs(RunQuery query) {
    @Nullable RunState state =
        query.state() == null ? null : RunState.valueOf(query.state().name());
    Match match = new Match(state, query.text());
    List<RunRow> rows =
        journal.newest(match, query.limit(), query.offset()).stream().map(this::row).toList();
    Map<RunRow.State, Integer> counts = new EnumMap<>(RunRow.State.class);
    for (RunState each : RunState.values()) {
      counts.put(RunRow.State.valueOf(each.name()), journal.count(new Match(each, query.text())));
    }
    return new RunList(rows, journal.count(match), counts);
  }

  @Override
  public Optional<RunDetails> run(String id) {
    return journal.find(id).map(this::details);
  }

  private RunDetails details(Run run) {
    List<RunDetails.Note> notes =
        journal.curves().notes(run.id()).stream()
            .map(
                n ->
                    new RunDetails.Note(Instant.ofEpochMilli(n.at()), n.step().key(), n.sentence()))
            .toList();
    return new RunDetails(
        row(run),
        run.message(),
        run.steps().stream().map(step -> step(run.id(), step)).toList(),
        run.metrics(),
        contents.params(run),
        notes,
        files(run),
        List.of());
  }

  private RunRow row(Run run) {
    Double dice = run.metrics().get("dice.mean");
    return new RunRow(
        run.id(),
        run.name(),
        RunRow.State.valueOf(run.shown().name()),
        run.created(),
        run.shown() == RunState.QUEUED ? null : run.created(),
        run.finished(),
        dice == null || dice.isNaN() ? null : dice,
        activity(run));
  }

  private @Nullable String activity(Run run) {
    for (StepRun step : run.steps()) {
      if (step.state() == RunState.RUNNING) {
        StepRow.@Nullable Progress progress = live.progress(run.id(), step.name());
        return step.name().key()
            + (progress == null
                ? ""
                : " " + progress.done() + " of " + progress.total() + " " + progress.task());
      }
    }
    return null;
  }

  private StepRow step(String run, StepRun step) {
    @Nullable Double running = live.seconds(run, step.name());
    boolean spent = step.attempt() > 0 && !step.reused();
    return new StepRow(
        step.name().key(),
        StepRow.State.valueOf(step.state().name()),
        step.attempt(),
        running != null ? running : spent ? (Double) step.seconds() : null,
        step.reused(),
        step.reason(),
        live.progress(run, step.name()),
        step.message());
  }

  private List<RunDetails.RunFile> files(Run run) {
    try {
      return contents.files(run);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public List<Curve> curves(String id) {
    CurveJournal curves = journal.curves();
    return curves.names(id).stream()
        .map(
            name ->
                new Curve(
                    name,
                    curves.curve(id, name).stream()
                        .map(p -> new Point(p.step(), p.value()))
                        .toList()))
        .toList();
  }

  @Override
  public Optional<ScoreTable> scores(String id) {
    return journal
        .find(id)
        .map(run -> Outputs.output(run.step(StepName.EVALUATE), home))
        .filter(output -> Files.exists(output.resolve(Scores.FILE)))
        .map(ScoreTables::read);
  }

  @Override
  public Optional<Path> file(String id, String path) {
    int slash = path.indexOf('/');
    return journal
        .find(id)
        .filter(run -> slash > 0)
        .map(run -> Outputs.output(run.step(StepName.of(path.substring(0, slash))), home))
        .map(output -> output.resolve(path.substring(slash + 1)));
  }
}
