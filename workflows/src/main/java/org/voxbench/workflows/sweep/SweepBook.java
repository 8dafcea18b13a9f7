package org.voxbench.workflows.sweep;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.voxbench.steps.AtomicFiles;
import org.voxbench.workflows.Home;
import org.voxbench.workflows.Json;
import org.voxbench.workflows.config.Sweep;

/**
 * The folders of sweeps: the only class that knows what lies where in them.
 *
 * <pre>
 * sweeps/SWEEP/sweep.json     where it stands; the truth
 * sweeps/SWEEP/cells.jsonl    the frozen experiment of each cell, one a line
 * sweeps/SWEEP/report.*       the table over its cells
 * </pre>
 */
public final class SweepBook {

  private final Path root;
  private final InstantSource clock;

  public SweepBook(Home home, InstantSource clock) {
    this.root = home.root().resolve("sweeps");
    this.clock = clock;
  }

  /** The frozen experiment of a cell and the file it was read from. */
  public record Frozen(Path file, JsonNode experiment) {}

  /**
   * Writes a new sweep down.
   *
   * @param versions of the steps, by key
   * @param again whether cells are run that succeeded earlier
   * @param schedule that asks for it, or null
   */
  public SweepRun begin(
      Sweep sweep, Map<String, Integer> versions, boolean again, @Nullable String schedule)
      throws IOException {
    String id = claim(sweep.name());
    List<SweepRun.Cell> cells = new ArrayList<>();
    StringBuilder frozen = new StringBuilder();
    for (Sweep.Cell cell : sweep.cells()) {
      String configuration = cell.experiment().digest(versions);
      cells.add(new SweepRun.Cell(cell.values(), configuration, null));
      Path file = cell.file().toAbsolutePath().normalize();
      frozen.append(Json.MAPPER.writeValueAsString(new Frozen(file, cell.experiment().tree())));
      frozen.append('\n');
    }
    AtomicFiles.write(
        folder(id).resolve("cells.jsonl"), frozen.toString().getBytes(StandardCharsets.UTF_8));
    Duration time = sweep.limits().time();
    SweepRun.Order order =
        new SweepRun.Order(
            again,
            sweep.limits().concurrency(),
            sweep.limits().priority(),
            sweep.limits().cells(),
            time == null ? null : (Long) time.toSeconds(),
            schedule);
    return save(
        new SweepRun(
            id, sweep.name(), SweepRun.State.RUNNING, clock.instant(), null, null, order, cells));
  }

  private String claim(String name) throws IOException {
    Files.createDirectories(root);
    for (int number = 1; ; number++) {
      try {
        Files.createDirectory(folder(name + "-" + number));
        return name + "-" + number;
      } catch (FileAlreadyExistsException e) {
        // The next number, then.
      }
    }
  }

  /** The folder of a sweep. */
  public Path folder(String id) {
    return root.resolve(id);
  }

  /** Makes a sweep durable as it stands. */
  public SweepRun save(SweepRun sweep) {
    try {
      AtomicFiles.write(
          folder(sweep.id()).resolve("sweep.json"),
          Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(sweep));
      return sweep;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write sweep " + sweep.id() + ": " + e, e);
    }
  }

  /**
   * A sweep.
   *
   * @throws IllegalArgumentException naming the sweeps there are when there is none of that id
   */
  public SweepRun read(String id) throws IOException {
    Path file = folder(id).resolve("sweep.json");
    if (!Files.exists(file)) {
      List<String> known = all().stream().map(SweepRun::id).limit(8).toList();
      throw new IllegalArgumentException(
          "expected the id of a sweep in "
              + root.getParent()
              + " but found \""
              + id
              + "\". "
              + (known.isEmpty()
                  ? "There is no sweep yet: start one with voxbench sweep run FILE"
                  : "The newest are: " + String.join(", ", known)));
    }
    return Json.MAPPER.readValue(file.toFile(), SweepRun.class);
  }

  /** All sweeps, newest first. */
  public List<SweepRun> all() throws IOException {
    List<SweepRun> sweeps = new ArrayList<>();
    if (Files.isDirectory(root)) {
      try (Stream<Path> folders = Files.list(root)) {
        for (Path folder : folders.toList()) {
          Path file = folder.resolve("sweep.json");
          if (Files.exists(file)) {
            sweeps.add(Json.MAPPER.readValue(file.toFile(), SweepRun.class));
          }
        }
      }
    }
    sweeps.sort(Comparator.comparing(SweepRun::created).reversed());
    return sweeps;
  }

  /** The sweep that is open and asks for the same cells. */
  public Optional<SweepRun> open(Sweep sweep, Map<String, Integer> versions) throws IOException {
    List<String> wanted = sweep.cells().stream().map(c -> c.experiment().digest(versions)).toList();
    return all().stream()
        .filter(known -> known.state() == SweepRun.State.RUNNING)
        .filter(known -> known.name().equals(sweep.name()))
        .filter(
            known ->
                known.cells().stream().map(SweepRun.Cell::configuration).toList().equals(wanted))
        .findFirst();
  }

  /** The frozen experiment of a cell. */
  public Frozen frozen(String id, int number) throws IOException {
    Path file = folder(id).resolve("cells.jsonl");
    try (BufferedReader reader = Files.newBufferedReader(file)) {
      String line = reader.lines().skip(number).findFirst().orElseThrow();
      return Json.MAPPER.readValue(line, Frozen.class);
    }
  }
}
