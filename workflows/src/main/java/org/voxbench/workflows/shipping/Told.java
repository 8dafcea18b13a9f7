package org.voxbench.workflows.shipping;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.voxbench.steps.AtomicFiles;
import org.voxbench.workflows.Json;

/**
 * What one server was told of one run, kept in the run's folder so that telling goes on where it
 * broke off. Losing it is harmless: all is told again, and the server stores nothing twice.
 *
 * @param server name and identity of the server; told to another one, nothing counts
 * @param state of the run as the server knows it, empty at first
 * @param once the things that are told one time only
 * @param events bytes told of each attempt's events, by {@code step/attempt}
 * @param artifacts SHA-256 of each artifact that the server holds
 * @param refused what the server will never take, and why
 */
record Told(
    String server,
    String state,
    Set<String> once,
    Map<String, Long> events,
    Map<String, String> artifacts,
    List<String> refused) {

  static final String REFUSED = "refused";
  static final String REGISTERED = "registered";
  static final String INPUTS = "inputs";
  private static final int MOST_REFUSED = 100;
  private static final String RUN = "run ";

  Told {
    once = new TreeSet<>(once);
    events = new TreeMap<>(events);
    artifacts = new TreeMap<>(artifacts);
    refused = new ArrayList<>(refused);
  }

  static Told nothing(String server) {
    return new Told(server, "", Set.of(), Map.of(), Map.of(), List.of());
  }

  private static Path file(Path runFolder, String target) {
    return runFolder.resolve("told").resolve(target + ".json");
  }

  /** What stands in the run's folder; nothing where the file is missing or damaged. */
  static Told read(Path runFolder, String target) {
    try {
      Path file = file(runFolder, target);
      return Files.exists(file) ? Json.MAPPER.readValue(file.toFile(), Told.class) : nothing("");
    } catch (IOException damaged) {
      return nothing("");
    }
  }

  void write(Path runFolder, String target) throws IOException {
    Path file = file(runFolder, target);
    Files.createDirectories(file.resolveSibling(""));
    AtomicFiles.write(file, Json.MAPPER.writeValueAsBytes(this));
  }

  /** The same for the server's run of this id; nothing when it was told to another one. */
  Told by(String run) {
    String mark = RUN + run;
    boolean other = once.stream().anyMatch(each -> each.startsWith(RUN) && !each.equals(mark));
    Told told = other ? nothing(server) : this;
    told.once.add(mark);
    return told;
  }

  Told withState(String now) {
    return new Told(server, now, once, events, artifacts, refused);
  }

  boolean isRefused(String artifact) {
    return REFUSED.equals(artifacts.get(artifact));
  }

  /**
   * The same with room for a second try of what was refused: the server may have been mended. Not
   * of points and parameters, which stand in the middle of what was told.
   */
  Told again() {
    Told again = new Told(server, state, once, events, artifacts, refused);
    boolean any = again.artifacts.values().removeIf(REFUSED::equals);
    for (String kind : List.of("artifact ", "model: ", "registered model: ", "inputs: ")) {
      any |= again.refused.removeIf(item -> item.startsWith(kind));
    }
    if (!any) {
      return this;
    }
    again.once.removeAll(Set.of(REGISTERED, INPUTS));
    return again.withState("");
  }

  /** What was refused for one reason in one line. */
  static List<String> grouped(List<String> refused) {
    Map<String, List<String>> byReason = new LinkedHashMap<>();
    for (String item : refused) {
      int end = item.indexOf(": ");
      String reason = end < 0 ? "" : item.substring(end);
      String what = end < 0 ? item : item.substring(0, end);
      byReason.computeIfAbsent(reason, ignored -> new ArrayList<>()).add(what);
    }
    return byReason.entrySet().stream()
        .map(
            group ->
                String.join(", ", group.getValue()).replace(", artifact ", ", ") + group.getKey())
        .toList();
  }

  void refuse(String what) {
    if (refused.size() < MOST_REFUSED && !refused.contains(what)) {
      refused.add(what);
    }
  }
}
