package org.voxbench.workflows.journal;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.Query;
import org.voxbench.steps.StepName;

/** Attempts and who owns them. */
public final class AttemptJournal {

  private final Jdbi jdbi;

  AttemptJournal(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  /**
   * One attempt of one step.
   *
   * @param fence grows with every attempt of the home folder; the higher one is the owner
   */
  public record Attempt(long fence, String run, StepName step, int number, Path folder) {}

  /** Opens an attempt and hands out its fencing number. */
  public Attempt open(String run, StepName step, int number, String fingerprint, Path folder) {
    return jdbi.withHandle(
        handle -> {
          long fence =
              handle
                  .createUpdate(
                      "insert into journal.attempt (run_id, step, number, fingerprint, state,"
                          + " folder) values (:run, :step, :number, :fingerprint, 'RUNNING',"
                          + " :folder)")
                  .bind("run", run)
                  .bind("step", step.key())
                  .bind("number", number)
                  .bind("fingerprint", fingerprint)
                  .bind("folder", folder.toString())
                  .executeAndReturnGeneratedKeys("fence")
                  .mapTo(Long.class)
                  .one();
          return new Attempt(fence, run, step, number, folder);
        });
  }

  /**
   * Closes an attempt, once.
   *
   * @return whether it was still open: one that was taken over may no longer publish
   */
  public boolean close(Attempt attempt, RunState state) {
    return jdbi.withHandle(
            handle ->
                handle
                    .createUpdate(
                        "update journal.attempt set state = :state"
                            + " where fence = :fence and state = 'RUNNING'")
                    .bind("fence", attempt.fence())
                    .bind("state", state.name())
                    .execute())
        == 1;
  }

  /** Attempts that no coordinator closed: their owner died. */
  public List<Attempt> abandoned() {
    return jdbi.withHandle(
        handle -> attempts(handle.createQuery(SELECT + " where state = 'RUNNING' order by fence")));
  }

  /** Attempts with that fingerprint that ended without publishing, newest first. */
  public List<Attempt> unfinished(String fingerprint) {
    return jdbi.withHandle(
        handle ->
            attempts(
                handle
                    .createQuery(
                        SELECT
                            + " where fingerprint = :fingerprint and state not in ('RUNNING',"
                            + " 'SUCCEEDED') order by fence desc")
                    .bind("fingerprint", fingerprint)));
  }

  /** The newest attempt of a run's step. */
  public Optional<Attempt> newest(String run, StepName step) {
    return jdbi.withHandle(
        handle ->
            attempts(
                    handle
                        .createQuery(
                            SELECT
                                + " where run_id = :run and step = :step order by number desc"
                                + " limit 1")
                        .bind("run", run)
                        .bind("step", step.key()))
                .stream()
                .findFirst());
  }

  private static final String SELECT =
      "select fence, run_id, step, number, folder from journal.attempt";

  private static List<Attempt> attempts(Query query) {
    return query
        .map(
            (row, context) ->
                new Attempt(
                    row.getLong("fence"),
                    row.getString("run_id"),
                    StepName.of(row.getString("step")),
                    row.getInt("number"),
                    Path.of(row.getString("folder"))))
        .list();
  }
}
