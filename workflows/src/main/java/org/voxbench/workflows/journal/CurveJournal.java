package org.voxbench.workflows.journal;

import java.util.List;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.voxbench.steps.StepName;

/** The curves and notes of runs. */
public final class CurveJournal {

  private static final int LONGEST = 4000;

  private final Jdbi jdbi;

  CurveJournal(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  /**
   * One point of a curve.
   *
   * @param name the metric's dotted name
   * @param step iteration or epoch
   * @param at milliseconds since 1970, UTC
   * @param value may be NaN or infinite
   */
  public record Point(String name, long step, long at, double value) {}

  /** One sentence of a step for the user; the time is milliseconds since 1970, UTC. */
  public record Note(StepName step, long at, String sentence) {}

  /** Adds a sentence; one that is there already stays once. */
  public void add(String run, Note note) {
    String sentence = note.sentence();
    jdbi.useHandle(
        handle ->
            handle
                .createUpdate(
                    "merge into journal.note (run_id, step, at, sentence)"
                        + " key (run_id, step, at, sentence) values (:run, :step, :at, :sentence)")
                .bind("run", run)
                .bind("step", note.step().key())
                .bind("at", note.at())
                .bind("sentence", sentence.substring(0, Math.min(sentence.length(), LONGEST)))
                .execute());
  }

  /** All sentences of a run, oldest first. */
  public List<Note> notes(String run) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    "select step, at, sentence from journal.note where run_id = :run order by at")
                .bind("run", run)
                .map(
                    (row, context) ->
                        new Note(
                            StepName.of(row.getString("step")),
                            row.getLong("at"),
                            row.getString("sentence")))
                .list());
  }

  /** Adds points; a point that is there already is replaced. */
  public void add(String run, List<Point> points) {
    if (points.isEmpty()) {
      return;
    }
    jdbi.useTransaction(
        handle -> {
          PreparedBatch batch =
              handle.prepareBatch(
                  "merge into journal.point (run_id, name, step, at, figure)"
                      + " key (run_id, name, step) values (:run, :name, :step, :at, :figure)");
          for (Point point : points) {
            batch
                .bind("run", run)
                .bind("name", point.name())
                .bind("step", point.step())
                .bind("at", point.at())
                .bind("figure", point.value())
                .add();
          }
          batch.execute();
        });
  }

  /** The names of a run's curves, sorted. */
  public List<String> names(String run) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    "select distinct name from journal.point where run_id = :run order by name")
                .bind("run", run)
                .mapTo(String.class)
                .list());
  }

  /** One curve, by step. */
  public List<Point> curve(String run, String name) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    "select step, at, figure from journal.point"
                        + " where run_id = :run and name = :name order by step")
                .bind("run", run)
                .bind("name", name)
                .map(
                    (row, context) ->
                        new Point(
                            name, row.getLong("step"), row.getLong("at"), row.getDouble("figure")))
                .list());
  }
}
