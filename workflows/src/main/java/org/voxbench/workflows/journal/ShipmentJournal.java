package org.voxbench.workflows.journal;

import java.util.List;
import org.jdbi.v3.core.Jdbi;
import org.voxbench.steps.StepName;

/** How much of each run a tracking server was told, so that telling goes on where it broke off. */
public final class ShipmentJournal {

  /** Stands for the number of an attempt where the artifacts of a step are meant. */
  private static final int ARTIFACTS = -1;

  private final Jdbi jdbi;

  ShipmentJournal(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  /** Bytes of an attempt's events that the server has; attempt 0 is a reused output. */
  public long upTo(String run, StepName step, int attempt) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    "select up_to from journal.shipped"
                        + " where run_id = :run and step = :step and number = :number")
                .bind("run", run)
                .bind("step", step.key())
                .bind("number", attempt)
                .mapTo(Long.class)
                .findOne()
                .orElse(0L));
  }

  /** Notes how much the server has. */
  public void upTo(String run, StepName step, int attempt, long bytes) {
    jdbi.useHandle(
        handle ->
            handle
                .createUpdate(
                    "merge into journal.shipped (run_id, step, number, up_to)"
                        + " key (run_id, step, number) values (:run, :step, :number, :upTo)")
                .bind("run", run)
                .bind("step", step.key())
                .bind("number", attempt)
                .bind("upTo", bytes)
                .execute());
  }

  /** Whether the server holds the artifacts of a run's step. */
  public boolean hasArtifacts(String run, StepName step) {
    return upTo(run, step, ARTIFACTS) > 0;
  }

  /** Notes that it does. */
  public void artifactsSent(String run, StepName step) {
    upTo(run, step, ARTIFACTS, 1);
  }

  /** Notes the state in which the server knows a run. */
  public void state(String run, RunState state) {
    jdbi.useHandle(
        handle ->
            handle
                .createUpdate(
                    "merge into journal.shipped_state (run_id, state) key (run_id)"
                        + " values (:run, :state)")
                .bind("run", run)
                .bind("state", state.name())
                .execute());
  }

  /** Ids of the runs that the server knows in another state than they are in, oldest first. */
  public List<String> behind() {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    "select r.id from journal.run r left join journal.shipped_state s"
                        + " on s.run_id = r.id where s.state is null or s.state <> r.state"
                        + " order by r.created")
                .mapTo(String.class)
                .list());
  }
}
