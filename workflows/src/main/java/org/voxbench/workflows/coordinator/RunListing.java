package org.voxbench.workflows.coordinator;

import com.fasterxml.jackson.core.type.TypeReference;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.voxbench.workflows.Home;
import org.voxbench.workflows.Json;
import org.voxbench.workflows.journal.Run;
import org.voxbench.workflows.journal.RunIndex.Filter;
import org.voxbench.workflows.journal.RunIndex.Sort;
import org.voxbench.workflows.journal.RunState;
import org.voxbench.workflows.journal.SlotJournal.Use;
import org.voxbench.workflows.run.RunFolders;

/**
 * Lists runs by the fastest way there is: the coordinator that holds the home folder, or else the
 * index, or else, where that is damaged, the run folders themselves.
 */
public final class RunListing {

  private RunListing() {}

  /** Which runs, in which order, at most how many. */
  public record Query(Filter filter, Sort sort, int limit) {

    static Query of(Map<String, List<String>> parameters) {
      Set<RunState> states = EnumSet.noneOf(RunState.class);
      parameters.getOrDefault("state", List.of()).forEach(s -> states.add(RunState.valueOf(s)));
      return new Query(
          new Filter(
              states,
              first(parameters, "text", ""),
              parameters.containsKey("sweep") ? first(parameters, "sweep", "") : null),
          Sort.valueOf(first(parameters, "sort", "CREATED")),
          Integer.parseInt(first(parameters, "limit", "100")));
    }

    private static String first(Map<String, List<String>> parameters, String key, String other) {
      return parameters.getOrDefault(key, List.of(other)).get(0);
    }

    String parameters() {
      StringBuilder text = new StringBuilder("sort=" + sort + "&limit=" + limit);
      filter.states().forEach(state -> text.append("&state=").append(state));
      text.append("&text=").append(URLEncoder.encode(filter.text(), StandardCharsets.UTF_8));
      if (filter.sweep() != null) {
        text.append("&sweep=").append(URLEncoder.encode(filter.sweep(), StandardCharsets.UTF_8));
      }
      return text.toString();
    }
  }

  /** How many runs are in each state, and who uses which device slot. */
  public record Status(Map<RunState, Integer> counts, Map<String, String> slots) {}

  public static List<Run> find(Home home, Query query) throws IOException {
    Optional<RemoteCoordinator> coordinator = RemoteCoordinator.answering(home);
    if (coordinator.isPresent()) {
      return Json.MAPPER.convertValue(
          coordinator.get().get("/api/coordinator/runs?" + query.parameters()),
          new TypeReference<List<Run>>() {});
    }
    @Nullable List<Run> indexed =
        Files.isDirectory(home.runs())
            ? offline(
                home, g -> g.journal().runs().list(query.filter(), query.sort(), query.limit()))
            : null;
    return indexed != null
        ? indexed
        : RunFiles.all(home).stream().filter(run -> fits(run, query)).limit(query.limit()).toList();
  }

  public static Status status(Home home) throws IOException {
    Optional<RemoteCoordinator> coordinator = RemoteCoordinator.answering(home);
    if (coordinator.isPresent()) {
      return Json.MAPPER.convertValue(
          coordinator.get().get("/api/coordinator/status"), Status.class);
    }
    @Nullable Status status =
        Files.isDirectory(home.runs()) ? offline(home, RunListing::status) : null;
    if (status != null) {
      return status;
    }
    Map<RunState, Integer> counts = new EnumMap<>(RunState.class);
    RunFiles.all(home).forEach(run -> counts.merge(run.shown(), 1, Integer::sum));
    return new Status(counts, Map.of());
  }

  private static Status status(Ground ground) {
    Map<String, String> slots = new TreeMap<>();
    for (Use use : ground.journal().slots().uses()) {
      slots.put(use.slot(), use.run() + " " + use.step().key());
    }
    return new Status(ground.journal().runs().counts(), slots);
  }

  private static boolean fits(Run run, Query query) {
    Filter filter = query.filter();
    return (filter.states().isEmpty() || filter.states().contains(run.shown()))
        && run.id()
            .toLowerCase(java.util.Locale.ROOT)
            .contains(filter.text().toLowerCase(java.util.Locale.ROOT));
  }

  /** What is asked of the index. */
  @FunctionalInterface
  private interface Question<T> {
    T ask(Ground ground) throws IOException;
  }

  private static <T> @Nullable T offline(Home home, Question<T> question) throws IOException {
    try (Ground ground = Ground.glance(home)) {
      new RunFolders(home, ground.journal()).catchUp();
      return question.ask(ground);
    } catch (HomeInUseException e) {
      return null;
    } catch (DamagedIndexException | FullHomeException e) {
      System.err.println(e.getMessage());
      return null;
    }
  }
}
