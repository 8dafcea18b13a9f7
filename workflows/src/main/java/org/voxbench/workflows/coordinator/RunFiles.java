package org.voxbench.workflows.coordinator;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.voxbench.workflows.Home;
import org.voxbench.workflows.journal.Run;

/** Reads runs from their folders: works while a coordinator holds the index, and without one. */
public final class RunFiles {

  private static final Logger LOG = LoggerFactory.getLogger(RunFiles.class);

  private RunFiles() {}

  /**
   * One run.
   *
   * @throws IllegalArgumentException naming the runs there are when there is none of that id
   */
  public static Run read(Home home, String id) throws IOException {
    Path file = home.run(id).resolve("run.json");
    if (!Files.exists(file)) {
      List<String> known = all(home).stream().map(Run::id).limit(8).toList();
      throw new IllegalArgumentException(
          "expected the id of a run in "
              + home.root()
              + " but found \""
              + id
              + "\". "
              + (known.isEmpty()
                  ? "There is no run yet: start one with voxbench run FILE, or name another home with --home."
                  : "The newest are: " + String.join(", ", known)));
    }
    return Run.read(file);
  }

  /** All runs that can be read, newest first; of each that cannot, it is said why. */
  public static List<Run> all(Home home) throws IOException {
    List<Run> runs = new ArrayList<>();
    if (Files.isDirectory(home.runs())) {
      try (Stream<Path> folders = Files.list(home.runs())) {
        for (Path folder : folders.toList()) {
          Path file = folder.resolve("run.json");
          if (Files.exists(file)) {
            readable(file).ifPresent(runs::add);
          }
        }
      }
    }
    runs.sort(Comparator.comparing(Run::created).reversed());
    return runs;
  }

  private static Optional<Run> readable(Path file) {
    try {
      return Optional.of(Run.read(file));
    } catch (IOException | IllegalArgumentException e) {
      LOG.warn("{}", e.getMessage());
      return Optional.empty();
    }
  }
}
