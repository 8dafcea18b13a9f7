package org.voxbench.workflows.journal;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;
import org.voxbench.steps.StepName;

/**
 * Attempts and who owns them. An open attempt is a lease on its fingerprint: a unique column of the
 * database allows one at a time, and its number is the fence that a late owner cannot pass.
 */
public final class AttemptJournal {

  /** How long a lease holds without being renewed, where its owner cannot be asked. */
  public static final Duration LEASE = Duration.ofSeconds(60);

  private static final String SELECT =
      "select fence, run_id, step, number, folder from journal.attempt";

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

  /**
   * What is to be attempted.
   *
   * @param fingerprint of the output, 64 hexadecimal digits
   * @param folder of the attempt
   */
  public record Claim(String run, StepName step, int number, String fingerprint, Path folder) {}

  /**
   * Opens an attempt and hands out its fencing number.
   *
   * @return nothing while another attempt holds the fingerprint
   */
  public Optional<Attempt> open(Claim claim, Instant now) {
    if (holder(claim.fingerprint()).isPresent()) {
      return Optional.empty();
    }
    try {
      return Optional.of(insert(claim, now));
    } catch (UnableToExecuteStatementException e) {
      if (holder(claim.fingerprint()).isPresent()) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private Attempt insert(Claim claim, Instant now) {
    long fence =
        jdbi.withHandle(
            handle ->
                handle
                    .createUpdate(
                        "insert into journal.attempt (run_id, step, number, fingerprint, state,"
                            + " folder, held, until) values (:run, :step, :number, :fingerprint,"
                            + " 'RUNNING', :folder, :fingerprint, :until)")
                    .bind("run", claim.run())
                    .bind("step", claim.step().key())
                    .bind("number", claim.number())
                    .bind("fingerprint", claim.fingerprint())
                    .bind("folder", claim.folder().toString())
                    .bind("until", timestamp(now.plus(LEASE)))
                    .executeAndReturnGeneratedKeys("fence")
                    .mapTo(Long.class)
                    .one());
    return new Attempt(fence, claim.run(), claim.step(), claim.number(), claim.folder());
  }

  /** The open attempt that holds a fingerprint. */
  public Optional<Attempt> holder(String fingerprint) {
    return jdbi.withHandle(
        handle ->
            attempts(
                    handle
                        .createQuery(SELECT + " where held = :fingerprint")
                        .bind("fingerprint", fingerprint))
                .stream()
                .findFirst());
  }

  /**
   * Renews the lease of an attempt.
   *
   * @return whether it is still open: one that was taken over has to stop
   */
  public boolean renew(Attempt attempt, Instant now) {
    return jdbi.withHandle(
            handle ->
                handle
                    .createUpdate(
                        "update journal.attempt set until = :until"
                            + " where fence = :fence and state = 'RUNNING'")
                    .bind("fence", attempt.fence())
                    .bind("until", timestamp(now.plus(LEASE)))
                    .execute())
        == 1;
  }

  /** Whether the lease of an attempt has not run out. */
  public boolean leased(Attempt attempt, Instant now) {
    return jdbi.withHandle(
        handle ->
            handle
                    .createQuery(
                        "select count(*) from journal.attempt where fence = :fence and until >"
                            + " :now")
                    .bind("fence", attempt.fence())
                    .bind("now", timestamp(now))
                    .mapTo(Integer.class)
                    .one()
                > 0);
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
                        "update journal.attempt set state = :state, held = null"
                            + " where fence = :fence and state = 'RUNNING'")
                    .bind("fence", attempt.fence())
                    .bind("state", state.name())
                    .execute())
        == 1;
  }

  /** Takes an attempt back that was opened in vain: the output had been published meanwhile. */
  public void withdraw(Attempt attempt) {
    jdbi.useHandle(
        handle ->
            handle
                .createUpdate("delete from journal.attempt where fence = :fence")
                .bind("fence", attempt.fence())
                .execute());
  }

  /** Attempts that nobody closed, oldest first. */
  public List<Attempt> open() {
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

  /** How many of a step's newest attempts in a row ended with the death of their worker. */
  public int deaths(String run, StepName step) {
    List<String> states =
        jdbi.withHandle(
            handle ->
                handle
                    .createQuery(
                        "select state from journal.attempt where run_id = :run and step = :step"
                            + " order by number desc")
                    .bind("run", run)
                    .bind("step", step.key())
                    .mapTo(String.class)
                    .list());
    int deaths = 0;
    while (deaths < states.size() && states.get(deaths).equals(RunState.LOST.name())) {
      deaths++;
    }
    return deaths;
  }

  /**
   * Puts an attempt of an earlier index back, with its number and its fence. Every home folder
   * counts from one: an attempt that came from another gets the next fence where its own is taken.
   */
  public void restore(Attempt attempt, String fingerprint, RunState state) {
    jdbi.useHandle(
        handle ->
            handle
                .createUpdate(
                    "insert into journal.attempt (fence, run_id, step, number, fingerprint, state,"
                        + " folder, held) overriding system value values (case when exists (select"
                        + " 1 from journal.attempt where fence = :fence) then (select max(fence) +"
                        + " 1 from journal.attempt) else :fence end, :run, :step, :number,"
                        + " :fingerprint, :state, :folder, :held)")
                .bind("fence", attempt.fence())
                .bind("run", attempt.run())
                .bind("step", attempt.step().key())
                .bind("number", attempt.number())
                .bind("fingerprint", fingerprint)
                .bind("state", state.name())
                .bind("folder", attempt.folder().toString())
                .bindByType("held", state == RunState.RUNNING ? fingerprint : null, String.class)
                .execute());
  }

  /** Has the next attempt's fence be higher than any so far. */
  public void raiseFence() {
    jdbi.useHandle(
        handle -> {
          long next =
              handle
                  .createQuery("select coalesce(max(fence), 0) + 1 from journal.attempt")
                  .mapTo(Long.class)
                  .one();
          handle.execute("alter table journal.attempt alter column fence restart with " + next);
        });
  }

  private static OffsetDateTime timestamp(Instant instant) {
    return OffsetDateTime.ofInstant(instant, ZoneOffset.UTC);
  }

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
