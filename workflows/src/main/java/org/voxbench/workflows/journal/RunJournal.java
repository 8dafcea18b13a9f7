package org.voxbench.workflows.journal;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;
import org.voxbench.steps.AtomicFiles;
import org.voxbench.workflows.Json;

/** Runs: written to {@code run.json} first, the truth, then to H2, its index. */
public final class RunJournal {

  private final Jdbi jdbi;
  private final Function<String, Path> folders;

  /**
   * Opens the journal and brings its tables up to date.
   *
   * @param source the home folder's H2
   * @param folders the folder of a run by id
   */
  public RunJournal(DataSource source, Function<String, Path> folders) {
    Flyway.configure(RunJournal.class.getClassLoader())
        .dataSource(source)
        .defaultSchema("JOURNAL")
        .createSchemas(true)
        .locations("classpath:db/journal")
        .load()
        .migrate();
    this.jdbi = Jdbi.create(source);
    this.folders = folders;
  }

  /** The attempts of these runs, in the same database. */
  public AttemptJournal attempts() {
    return new AttemptJournal(jdbi);
  }

  /** The curves of these runs, in the same database. */
  public CurveJournal curves() {
    return new CurveJournal(jdbi);
  }

  /** The file that holds the truth about a run. */
  public Path file(String id) {
    return folders.apply(id).resolve("run.json");
  }

  /** Makes {@code run} durable. */
  public Run save(Run run) {
    try {
      byte[] json = Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(run);
      AtomicFiles.write(file(run.id()), json);
      index(run);
      return run;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file(run.id()) + ": " + e.getMessage(), e);
    }
  }

  /** Puts a run into the index as it stands. */
  public void index(Run run) throws JsonProcessingException {
    String body = Json.MAPPER.writeValueAsString(run);
    jdbi.useHandle(
        handle ->
            handle
                .createUpdate(
                    "merge into journal.run (id, name, state, created, body) key (id)"
                        + " values (:id, :name, :state, :created, :body)")
                .bind("id", run.id())
                .bind("name", run.name())
                .bind("state", run.state().name())
                .bind("created", OffsetDateTime.ofInstant(run.created(), ZoneOffset.UTC))
                .bind("body", body)
                .execute());
  }

  /** The run of that id. */
  public Optional<Run> find(String id) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery("select body from journal.run where id = :id")
                .bind("id", id)
                .mapTo(String.class)
                .findOne()
                .map(RunJournal::parse));
  }

  /**
   * Which runs are meant.
   *
   * @param state only those in this state; null for all
   * @param text only those whose id contains this, ignoring case; empty for all
   */
  public record Match(@Nullable RunState state, String text) {

    /** Runs in one state. */
    public static Match of(RunState state) {
      return new Match(state, "");
    }
  }

  private static final String MATCHING =
      " from journal.run where (:state is null or state = :state)"
          + " and (:text = '' or locate(lower(:text), lower(id)) > 0)";

  /** Runs, newest first. */
  public List<Run> newest(Match match, int limit, int offset) {
    return jdbi.withHandle(
        handle ->
            bound(
                    handle.createQuery(
                        "select body"
                            + MATCHING
                            + " order by created desc, id limit :limit offset :offset"),
                    match)
                .bind("limit", limit)
                .bind("offset", offset)
                .mapTo(String.class)
                .map(RunJournal::parse)
                .list());
  }

  /** How many runs there are. */
  public int count(Match match) {
    return jdbi.withHandle(
        handle ->
            bound(handle.createQuery("select count(*)" + MATCHING), match)
                .mapTo(Integer.class)
                .one());
  }

  private static Query bound(Query query, Match match) {
    @Nullable String state = match.state() == null ? null : match.state().name();
    return query.bind("state", state).bind("text", match.text());
  }

  private static Run parse(String body) {
    try {
      return Json.MAPPER.readValue(body, Run.class);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(
          "the index row of a run is damaged; its run.json holds the truth", e);
    }
  }
}
