package org.voxbench.ui;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The read port in memory: tests put runs in and change them while a page looks on. */
final class MemoryRunFeed implements RunFeed {

  private final Map<String, RunDetails> runs = new HashMap<>();
  private final Map<String, List<Curve>> curves = new HashMap<>();
  private final Map<String, ScoreTable> scores = new HashMap<>();
  private final Map<String, Path> files = new HashMap<>();

  synchronized void put(RunDetails run) {
    runs.put(run.row().id(), run);
  }

  synchronized void curves(String id, List<Curve> drawn) {
    curves.put(id, List.copyOf(drawn));
  }

  synchronized void scores(String id, ScoreTable table) {
    scores.put(id, table);
  }

  synchronized void file(String id, String path, Path file) {
    files.put(id + "\n" + path, file);
  }

  @Override
  public synchronized RunList runs(RunQuery query) {
    List<RunRow> named = new ArrayList<>();
    Map<RunRow.State, Integer> counts = new EnumMap<>(RunRow.State.class);
    String text = query.text().toLowerCase(Locale.ROOT);
    for (RunDetails run : runs.values()) {
      RunRow row = run.row();
      if ((row.id() + "\n" + row.experiment()).toLowerCase(Locale.ROOT).contains(text)) {
        named.add(row);
        counts.merge(row.state(), 1, Integer::sum);
      }
    }
    List<RunRow> matching =
        named.stream()
            .filter(row -> query.state() == null || row.state() == query.state())
            .sorted(Comparator.comparing(RunRow::queued).thenComparing(RunRow::id).reversed())
            .toList();
    return new RunList(
        matching.stream().skip(query.offset()).limit(query.limit()).toList(),
        matching.size(),
        counts);
  }

  @Override
  public synchronized Optional<RunDetails> run(String id) {
    return Optional.ofNullable(runs.get(id));
  }

  @Override
  public synchronized List<Curve> curves(String id) {
    return curves.getOrDefault(id, List.of());
  }

  @Override
  public synchronized Optional<ScoreTable> scores(String id) {
    return Optional.ofNullable(scores.get(id));
  }

  @Override
  public synchronized Optional<Path> file(String id, String path) {
    return Optional.ofNullable(files.get(id + "\n" + path));
  }
}
