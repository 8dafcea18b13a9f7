package org.voxbench.workflows.coordinator;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.voxbench.workflows.Home;
import org.voxbench.workflows.Json;
import org.voxbench.workflows.journal.Run;

/** Reads runs from their folders: works while a coordinator holds the index, and without one. */
public final class RunFiles {

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
    return Json.MAPPER.readValue(file.toFile(), Run.class);
  }

  /** All runs, newest first. */
  public static List<Run> all(Home home) throws IOException {
    List<Run> runs = new ArrayList<>();
    if (Files.isDirectory(home.runs())) {
      try (Stream<Path> folders = Files.list(home.runs())) {
        for (Path folder : folders.toList()) {
          Path file = folder.resolve("run.json");
          if (Files.exists(file)) {
            runs.add(Json.MAPPER.readValue(file.toFile(), Run.class));
          }
        }
      }
    }
    runs.sort(Comparator.comparing(Run::created).reversed());
    return runs;
  }
}
