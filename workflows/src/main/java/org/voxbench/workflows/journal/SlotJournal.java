package org.voxbench.workflows.journal;

import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;
import org.voxbench.steps.StepName;

/** Device slots in use. The primary key of the table allows each of them one user. */
public final class SlotJournal {

  private final Jdbi jdbi;

  SlotJournal(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  /** One slot and who uses it. */
  public record Use(String slot, String run, StepName step) {}

  /** Takes the first of these slots that is free; nothing when all are in use. */
  public Optional<Use> take(List<String> slots, String run, StepName step) {
    for (String slot : slots) {
      if (taken(slot, run, step)) {
        return Optional.of(new Use(slot, run, step));
      }
    }
    return Optional.empty();
  }

  private boolean taken(String slot, String run, StepName step) {
    try {
      return jdbi.withHandle(
              handle ->
                  handle
                      .createUpdate(
                          "insert into journal.slot (name, run_id, step) select :name, :run, :step"
                              + " where not exists (select 1 from journal.slot where name = :name)")
                      .bind("name", slot)
                      .bind("run", run)
                      .bind("step", step.key())
                      .execute())
          == 1;
    } catch (UnableToExecuteStatementException e) {
      // Somebody else's insert came between the question and ours.
      return false;
    }
  }

  /** Gives a slot back. */
  public void release(Use use) {
    jdbi.useHandle(
        handle ->
            handle
                .createUpdate(
                    "delete from journal.slot"
                        + " where name = :name and run_id = :run and step = :step")
                .bind("name", use.slot())
                .bind("run", use.run())
                .bind("step", use.step().key())
                .execute());
  }

  /** Gives back whatever a step of a run uses. */
  public void release(String run, StepName step) {
    jdbi.useHandle(
        handle ->
            handle
                .createUpdate("delete from journal.slot where run_id = :run and step = :step")
                .bind("run", run)
                .bind("step", step.key())
                .execute());
  }

  /** All slots in use. */
  public List<Use> uses() {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery("select name, run_id, step from journal.slot order by name")
                .map(
                    (row, context) ->
                        new Use(
                            row.getString("name"),
                            row.getString("run_id"),
                            StepName.of(row.getString("step"))))
                .list());
  }
}
