package org.voxbench.workflows.keep;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.voxbench.steps.AtomicFiles;
import org.voxbench.steps.StepName;
import org.voxbench.steps.dataset.CaseStore;
import org.voxbench.workflows.Home;
import org.voxbench.workflows.Json;
import org.voxbench.workflows.journal.Run;
import org.voxbench.workflows.journal.RunState;
import org.voxbench.workflows.journal.StepRun;

/**
 * Finds and removes what no run needs: published outputs that no run names, and folders of
 * submissions that were never finished, and shared prepared cases that no output holds. Never
 * touched: pinned runs, other folders below the store, and anything of a run that has not ended.
 */
public final class Garbage {

  private static final String PINS = "pins.json";

  /** What was made so recently may belong to somebody who is about to say so. */
  private static final Duration YOUNG = Duration.ofHours(1);

  private final Home home;
  private final InstantSource clock;

  public Garbage(Home home, InstantSource clock) {
    this.home = home;
    this.clock = clock;
  }

  /** One thing that can go: a folder, its size and why nobody needs it. */
  public record Item(Path folder, long bytes, String reason) {}

  /** What can go, the largest first. */
  public List<Item> find() throws IOException {
    Set<String> named = new HashSet<>();
    List<Item> items = new ArrayList<>();
    boolean preparing = false;
    for (Path folder : children(home.runs())) {
      Path file = folder.resolve("run.json");
      if (Files.exists(file)) {
        Run run = Run.read(file);
        preparing |= run.step(StepName.PREPROCESS).state() == RunState.RUNNING;
        for (StepRun step : run.steps()) {
          String fingerprint = step.fingerprint();
          if (fingerprint != null) {
            named.add(step.name().key() + "/" + fingerprint.substring(0, 16));
          }
        }
        items.addAll(leftovers(run, folder));
      } else if (isOld(folder)) {
        items.add(new Item(folder, size(folder), "a submission that was never finished"));
      }
    }
    for (StepName step : StepName.values()) {
      for (Path output : children(home.store().resolve(step.key()))) {
        // Only what a step published has a manifest; other rooms keep their own things here.
        if (Files.exists(output.resolve("manifest.json"))
            && !named.contains(step.key() + "/" + output.getFileName())
            && isOld(output)) {
          items.add(new Item(output, size(output), "no run names this output"));
        }
      }
    }
    if (!preparing) {
      items.addAll(preparedCases());
    }
    items.sort(Comparator.comparingLong(Item::bytes).reversed());
    return items;
  }

  /** Asked for only while nobody prepares cases: a worker may be about to take one. */
  private List<Item> preparedCases() throws IOException {
    List<Item> items = new ArrayList<>();
    for (CaseStore.Entry one : new CaseStore(home.shared(StepName.PREPROCESS)).entries()) {
      if (!one.used() && isOld(one.folder())) {
        items.add(new Item(one.folder(), one.bytes(), "no output holds this prepared case"));
      }
    }
    return items;
  }

  /** Unfinished products of attempts of a run whose steps have all succeeded. */
  private List<Item> leftovers(Run run, Path folder) throws IOException {
    List<Item> items = new ArrayList<>();
    if (run.state() != RunState.SUCCEEDED || pins().contains(run.id())) {
      return items;
    }
    for (StepName step : StepName.values()) {
      for (Path attempt : children(folder.resolve(step.key()))) {
        for (String part : new String[] {"product", "damaged"}) {
          Path left = attempt.resolve(part);
          if (Files.isDirectory(left) && isOld(left)) {
            items.add(
                new Item(left, size(left), "what an unfinished attempt of a finished run left"));
          }
        }
      }
    }
    return items;
  }

  /** Removes one thing. */
  public void remove(Item item) throws IOException {
    if (!item.folder().startsWith(home.root())) {
      throw new IllegalArgumentException("not of this home folder: " + item.folder());
    }
    // Out of the way by one rename first: nobody ever finds half an output.
    Path away = item.folder().resolveSibling(item.folder().getFileName() + ".garbage");
    Files.move(item.folder(), away);
    Trees.delete(away);
  }

  /** Ids of the runs that are pinned. */
  public Set<String> pins() throws IOException {
    Path file = home.root().resolve(PINS);
    return Files.exists(file)
        ? new TreeSet<>(List.of(Json.MAPPER.readValue(file.toFile(), String[].class)))
        : new TreeSet<>();
  }

  /** Pins a run, or lets it go. */
  public void pin(String run, boolean pinned) throws IOException {
    Set<String> pins = pins();
    if (pinned) {
      pins.add(run);
    } else {
      pins.remove(run);
    }
    AtomicFiles.write(home.root().resolve(PINS), Json.MAPPER.writeValueAsBytes(pins));
  }

  /**
   * The runs that ended longer ago than {@code age}, succeeded or not, and are not pinned: taking
   * them away is what makes their outputs garbage.
   */
  public List<Run> endedBefore(Duration age) throws IOException {
    Instant limit = clock.instant().minus(age);
    Set<String> pins = pins();
    List<Run> old = new ArrayList<>();
    for (Path folder : children(home.runs())) {
      Path file = folder.resolve("run.json");
      if (Files.exists(file)) {
        Run run = Run.read(file);
        Instant finished = run.finished();
        if (run.state().ended()
            && !pins.contains(run.id())
            && finished != null
            && finished.isBefore(limit)) {
          old.add(run);
        }
      }
    }
    return old;
  }

  private boolean isOld(Path folder) throws IOException {
    Instant changed = Files.getLastModifiedTime(folder).toInstant();
    return changed.plus(YOUNG).isBefore(clock.instant());
  }

  private static List<Path> children(Path folder) throws IOException {
    List<Path> children = new ArrayList<>();
    if (Files.isDirectory(folder)) {
      try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, Files::isDirectory)) {
        entries.forEach(children::add);
      }
    }
    return children;
  }

  private static long size(Path folder) throws IOException {
    try (Stream<Path> walk = Files.walk(folder)) {
      long bytes = 0;
      for (Path file : walk.filter(Files::isRegularFile).toList()) {
        bytes += Files.size(file);
      }
      return bytes;
    }
  }
}
