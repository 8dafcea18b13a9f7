package org.voxbench.workflows.dashboard;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.voxbench.steps.StepName;
import org.voxbench.ui.RunDetails.RunFile;
import org.voxbench.workflows.Home;
import org.voxbench.workflows.journal.Run;
import org.voxbench.workflows.run.FrozenExperiment;

/**
 * What a page shows of a run's folders. Pages ask every second or so; an experiment is frozen when
 * its run is made and an output never changes once it is published, so each is read once.
 */
final class RunContents {

  private static final int KEPT = 100;
  private static final List<StepName> SHOWN =
      List.of(StepName.REPORT, StepName.EVALUATE, StepName.CHECKPOINT);

  private final Home home;
  private final Map<String, Map<String, String>> params = Collections.synchronizedMap(recent());
  private final Map<Path, List<RunFile>> files = Collections.synchronizedMap(recent());

  RunContents(Home home) {
    this.home = home;
  }

  /** Forgets what was not asked for the longest. */
  private static <K, V> Map<K, V> recent() {
    return new LinkedHashMap<>(16, 0.75f, true) {
      private static final long serialVersionUID = 1L;

      @Override
      protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
        return size() > KEPT;
      }
    };
  }

  /** The frozen requests as dotted paths that begin with their step. */
  Map<String, String> params(Run run) {
    Map<String, String> known = params.get(run.id());
    if (known != null) {
      return known;
    }
    Map<String, String> read = new LinkedHashMap<>();
    try {
      FrozenExperiment frozen = FrozenExperiment.read(home.run(run.id()));
      for (StepName step : StepName.values()) {
        flatten(step.key(), frozen.request(step), read);
      }
      params.put(run.id(), Collections.unmodifiableMap(read));
    } catch (IOException e) {
      read.put("experiment.json", "cannot be read: " + e.getMessage());
    }
    return read;
  }

  private static void flatten(String path, JsonNode node, Map<String, String> params) {
    if (node.isObject() && !node.isEmpty()) {
      node.properties().forEach(e -> flatten(path + "." + e.getKey(), e.getValue(), params));
    } else {
      params.put(path, node.isTextual() ? node.textValue() : node.toString());
    }
  }

  /** The files of the finished steps, the report first. */
  List<RunFile> files(Run run) throws IOException {
    List<RunFile> all = new ArrayList<>();
    for (StepName name : SHOWN) {
      Path output = Outputs.output(run.step(name), home);
      if (output != null && Files.isDirectory(output)) {
        all.addAll(files(name, output));
      }
    }
    return all;
  }

  private List<RunFile> files(StepName step, Path output) throws IOException {
    List<RunFile> known = files.get(output);
    if (known != null) {
      return known;
    }
    List<RunFile> found = new ArrayList<>();
    try (Stream<Path> walk = Files.walk(output)) {
      for (Path file : walk.filter(Files::isRegularFile).sorted().toList()) {
        String path = step.key() + "/" + output.relativize(file);
        @Nullable String label = path.equals("report/report.html") ? "Report" : null;
        found.add(label == null ? found.size() : 0, new RunFile(path, label, Files.size(file)));
      }
    }
    files.put(output, List.copyOf(found));
    return found;
  }
}
