package org.voxbench.workflows.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/** Finds runs in the index. */
public final class RunIndex {

  private final Jdbi jdbi;

  RunIndex(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  /** In which order runs are listed; each in its natural direction. */
  public enum Sort {
    /** Newest first. */
    CREATED("created desc, id"),
    /** Alphabetical. */
    NAME("name, created desc, id"),
    /** By state, then newest first. */
    STATE("shown, created desc, id"),
    /** The one that is worked on next, first. */
    PRIORITY("priority desc, created, id");

    private final String sql;

    Sort(String sql) {
      this.sql = sql;
    }
  }

  /**
   * Which runs are meant; all parts have to fit.
   *
   * @param states only those in one of these; empty for all
   * @param text only those whose id contains this, ignoring case; empty for all
   * @param sweep only those of this sweep, or null
   */
  public record Filter(Set<RunState> states, String text, @Nullable String sweep) {

    /** Every run. */
    public static final Filter ALL = new Filter(Set.of(), "", null);

    public Filter {
      states = Set.copyOf(states);
    }

    /** Runs in these states. */
    public static Filter in(RunState... states) {
      return new Filter(Set.of(states), "", null);
    }
  }

  /** The runs that fit by the state that the journal has, at most {@code limit} of them. */
  public List<Run> find(Filter filter, Sort sort, int limit) {
    return find(filter, sort, limit, "state");
  }

  /** The runs that fit by the state that they are {@linkplain Run#shown shown} in. */
  public List<Run> list(Filter filter, Sort sort, int limit) {
    return find(filter, sort, limit, "shown");
  }

  private List<Run> find(Filter filter, Sort sort, int limit, String column) {
    List<String> states = filter.states().stream().map(RunState::name).sorted().toList();
    String where =
        " where (:text = '' or locate(lower(:text), lower(id)) > 0)"
            + (filter.sweep() == null ? "" : " and sweep = :sweep")
            + (states.isEmpty() ? "" : " and " + column + " in (<states>)");
    return jdbi.withHandle(
        handle -> {
          var query =
              handle
                  .createQuery(
                      "select body from journal.run"
                          + where
                          + " order by "
                          + sort.sql
                          + " limit :limit")
                  .bind("text", filter.text())
                  .bind("limit", limit);
          if (filter.sweep() != null) {
            query.bind("sweep", filter.sweep());
          }
          if (!states.isEmpty()) {
            query.bindList("states", states);
          }
          return query.mapTo(String.class).map(RunJournal::parse).list();
        });
  }

  /**
   * How many runs are {@linkplain Run#shown shown} in each state; states without a run are left
   * out.
   */
  public Map<RunState, Integer> counts() {
    return jdbi.withHandle(
        handle -> {
          Map<RunState, Integer> counts = new HashMap<>();
          handle
              .createQuery("select shown, count(*) as n from journal.run group by shown")
              .map(
                  (row, context) ->
                      counts.put(RunState.valueOf(row.getString("shown")), row.getInt("n")))
              .list();
          return counts;
        });
  }

  /** The newest run in one of these states with that configuration. */
  public Optional<Run> newest(String configuration, RunState... states) {
    List<String> names = List.of(states).stream().map(RunState::name).toList();
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    "select body from journal.run where configuration = :configuration"
                        + " and state in (<states>) order by created desc limit 1")
                .bind("configuration", configuration)
                .bindList("states", names)
                .mapTo(String.class)
                .findOne()
                .map(RunJournal::parse));
  }

  /**
   * Tells one version of a run's file from the next: clocks of file systems are coarse, but each
   * version is a file of its own that was renamed.
   */
  public static long stamp(Path file) throws IOException {
    BasicFileAttributes about = Files.readAttributes(file, BasicFileAttributes.class);
    return about.lastModifiedTime().toMillis() * 31 + Objects.hashCode(about.fileKey());
  }

  /** Of each run, the stamp of its file as far as the index knows. */
  public Map<String, Long> written() {
    return jdbi.withHandle(
        handle -> {
          Map<String, Long> written = new HashMap<>();
          handle
              .createQuery("select id, written from journal.run")
              .map((row, context) -> written.put(row.getString("id"), row.getLong("written")))
              .list();
          return written;
        });
  }
}
