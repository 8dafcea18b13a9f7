package org.voxbench.workflows.journal;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.StatementException;
import org.jspecify.annotations.Nullable;
import org.voxbench.steps.AtomicFiles;
import org.voxbench.workflows.Json;

/** Runs: written to {@code run.json} first, the truth, then to H2, its index. */
public final class RunJournal {

  private static final String SUBMISSION = "submission.json";
  private static final int STRIPES = 64;

  /** Of the newest script in db/journal. */
  private static final String VERSION = "4";

  private final Jdbi jdbi;
  private final Function<String, Path> folders;
  private final List<Object> locks = Stream.generate(Object::new).limit(STRIPES).toList();

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

  private RunJournal(Jdbi jdbi, Function<String, Path> folders) {
    this.jdbi = jdbi;
    this.folders = folders;
  }

  /** The journal for a short look: as it is where its tables are up to date already. */
  public static RunJournal glimpse(DataSource source, Function<String, Path> folders) {
    Jdbi jdbi = Jdbi.create(source);
    try {
      String version =
          jdbi.withHandle(
              handle ->
                  handle
                      .createQuery(
                          "select max(\"version\") from journal.\"flyway_schema_history\""
                              + " where \"success\"")
                      .mapTo(String.class)
                      .one());
      if (VERSION.equals(version)) {
        return new RunJournal(jdbi, folders);
      }
    } catch (StatementException e) {
      // No tables yet: they are made below.
    }
    return new RunJournal(source, folders);
  }

  /** The attempts of these runs, in the same database. */
  public AttemptJournal attempts() {
    return new AttemptJournal(jdbi);
  }

  /** The curves of these runs, in the same database. */
  public CurveJournal curves() {
    return new CurveJournal(jdbi);
  }

  /** The device slots in use, in the same database. */
  public SlotJournal slots() {
    return new SlotJournal(jdbi);
  }

  /** Lists of runs, from the same database. */
  public RunIndex runs() {
    return new RunIndex(jdbi);
  }

  /** The file that holds the truth about a run. */
  public Path file(String id) {
    return folders.apply(id).resolve("run.json");
  }

  /** Makes a run durable that was just asked for. */
  public Run submit(Run run, Submission submission) {
    Path file = folders.apply(run.id()).resolve(SUBMISSION);
    try {
      AtomicFiles.write(file, Json.MAPPER.writeValueAsBytes(submission));
      return save(run);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file + ": " + e.getMessage(), e);
    }
  }

  /** As what a run was asked for; nothing for runs from before that was kept. */
  public static Optional<Submission> submission(Path runFolder) throws IOException {
    Path file = runFolder.resolve(SUBMISSION);
    return Files.exists(file)
        ? Optional.of(Json.MAPPER.readValue(file.toFile(), Submission.class))
        : Optional.empty();
  }

  /** How a change of a run is written. */
  @FunctionalInterface
  private interface Writing {
    void write(Path file, byte[] json) throws IOException;
  }

  /** Makes {@code run} durable. */
  public Run save(Run run) {
    return save(run, AtomicFiles::write);
  }

  private Run save(Run run, Writing writing) {
    synchronized (lock(run.id())) {
      try {
        byte[] json = Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(run);
        writing.write(file(run.id()), json);
        index(run);
        return run;
      } catch (IOException e) {
        throw new UncheckedIOException("cannot write " + file(run.id()) + ": " + e, e);
      }
    }
  }

  /**
   * Changes a run, undisturbed by other changes of it in this process.
   *
   * @throws IllegalArgumentException when there is no such run
   */
  public Run update(String id, UnaryOperator<Run> change) {
    synchronized (lock(id)) {
      return save(change.apply(find(id).orElseThrow(() -> unknown(id))));
    }
  }

  /** The same for a change that a power cut may undo, such as that something was begun. */
  public Run note(String id, UnaryOperator<Run> change) {
    synchronized (lock(id)) {
      Run changed = change.apply(find(id).orElseThrow(() -> unknown(id)));
      return save(changed, AtomicFiles::replace);
    }
  }

  private static IllegalArgumentException unknown(String id) {
    return new IllegalArgumentException("there is no run " + id + "; voxbench list shows them");
  }

  private Object lock(String id) {
    return locks.get(Math.floorMod(id.hashCode(), STRIPES));
  }

  /** Puts a run into the index as its folder has it. */
  public void index(Run run) throws IOException {
    String body = Json.MAPPER.writeValueAsString(run);
    Optional<Submission> submission = submission(folders.apply(run.id()));
    long written = RunIndex.stamp(file(run.id()));
    jdbi.useHandle(
        handle ->
            handle
                .createUpdate(
                    "merge into journal.run (id, name, state, shown, created, body, configuration,"
                        + " sweep, priority, written) key (id) values (:id, :name, :state, :shown,"
                        + " :created, :body, :configuration, :sweep, :priority, :written)")
                .bind("id", run.id())
                .bind("name", run.name())
                .bind("state", run.state().name())
                .bind("shown", run.shown().name())
                .bind("created", OffsetDateTime.ofInstant(run.created(), ZoneOffset.UTC))
                .bind("body", body)
                .bindByType(
                    "configuration",
                    submission.map(Submission::configuration).orElse(null),
                    String.class)
                .bindByType("sweep", submission.map(Submission::sweep).orElse(null), String.class)
                .bind("priority", submission.map(Submission::priority).orElse(0))
                .bind("written", written)
                .execute());
  }

  /** Takes a run and all that belongs to it out of the index: its folder is no more. */
  public void forget(String id) {
    jdbi.useTransaction(
        handle -> {
          for (String table : RUN_TABLES) {
            handle
                .createUpdate("delete from journal." + table + " where run_id = ?")
                .bind(0, id)
                .execute();
          }
          handle.createUpdate("delete from journal.run where id = ?").bind(0, id).execute();
        });
  }

  private static final List<String> RUN_TABLES = List.of("attempt", "slot", "point", "note");

  /** Empties the index; the run folders keep the truth. */
  public void clear() {
    jdbi.useTransaction(
        handle -> {
          RUN_TABLES.forEach(table -> handle.execute("delete from journal." + table));
          handle.execute("delete from journal.run");
        });
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
   * @param state only those that are {@linkplain Run#shown shown} in this state; null for all
   * @param text only those whose id contains this, ignoring case; empty for all
   */
  public record Match(@Nullable RunState state, String text) {

    /** Runs in one state. */
    public static Match of(RunState state) {
      return new Match(state, "");
    }
  }

  private static final String MATCHING =
      " from journal.run where (:state is null or shown = :state)"
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

  static Run parse(String body) {
    try {
      return Json.MAPPER.readValue(body, Run.class);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(
          "the index row of a run is damaged; its run.json holds the truth", e);
    }
  }
}
