package org.voxbench.workflows.schedule;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.voxbench.steps.AtomicFiles;
import org.voxbench.workflows.Home;
import org.voxbench.workflows.Json;

/** The files of schedules: the truth, which Quartz is brought into agreement with. */
public final class ScheduleBook {

  private static final String ENDING = ".json";

  private final Path root;

  public ScheduleBook(Home home) {
    this.root = home.root().resolve("schedules");
  }

  /** Writes a schedule down. */
  public Schedule save(Schedule schedule) throws IOException {
    Files.createDirectories(root);
    AtomicFiles.write(
        file(schedule.name()),
        Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(schedule));
    return schedule;
  }

  private Path file(String name) {
    return root.resolve(name + ENDING);
  }

  /** Whether there is one of that name. */
  public boolean has(String name) {
    return Files.exists(file(name));
  }

  /**
   * A schedule.
   *
   * @throws IllegalArgumentException naming those there are when there is none of that name
   */
  public Schedule read(String name) throws IOException {
    if (!has(name)) {
      throw new IllegalArgumentException(
          "expected the name of a schedule but found \""
              + name
              + "\". "
              + (all().isEmpty()
                  ? "There is none yet: add one with voxbench schedule add FILE"
                  : "There are: "
                      + String.join(", ", all().stream().map(Schedule::name).toList())));
    }
    return Json.MAPPER.readValue(file(name).toFile(), Schedule.class);
  }

  /** All of them, by name. */
  public List<Schedule> all() throws IOException {
    List<Schedule> schedules = new ArrayList<>();
    if (Files.isDirectory(root)) {
      try (Stream<Path> files = Files.list(root)) {
        for (Path file : files.filter(f -> f.toString().endsWith(ENDING)).toList()) {
          schedules.add(Json.MAPPER.readValue(file.toFile(), Schedule.class));
        }
      }
    }
    schedules.sort(Comparator.comparing(Schedule::name));
    return schedules;
  }

  /** Takes one away. */
  public void remove(String name) throws IOException {
    read(name);
    Files.delete(file(name));
  }

  /** Holds one, or lets it go on. */
  public void hold(String name, boolean paused) throws IOException {
    save(read(name).held(paused));
  }
}
