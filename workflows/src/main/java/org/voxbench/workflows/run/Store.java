package org.voxbench.workflows.run;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.stream.Stream;
import org.voxbench.steps.StepName;

/**
 * Published outputs, one folder per fingerprint. An output appears whole, by one rename, and is
 * never changed afterwards.
 */
public final class Store {

  private static final String OUTPUT = "output";

  /** Enough to tell what an output that is not there differs from. */
  private static final int REMEMBERED = 32;

  private final Path root;
  private final Map<StepName, Deque<Published>> newest = new ConcurrentHashMap<>();

  public Store(Path root) {
    this.root = root;
  }

  /** A published output. */
  public record Published(Path folder, Manifest manifest) {
    public Path output() {
      return folder.resolve(OUTPUT);
    }

    public Path events() {
      return folder.resolve(AttemptFolder.EVENTS);
    }

    /** See {@link AttemptFolder#system}. */
    public Path system() {
      return folder.resolve(AttemptFolder.SYSTEM);
    }

    /** See {@link AttemptFolder#environment}. */
    public Path environment() {
      return folder.resolve(AttemptFolder.ENVIRONMENT);
    }
  }

  /** The output with that fingerprint, unless there is none. Not yet verified. */
  public Optional<Published> find(StepName step, String fingerprint) throws IOException {
    return open(folder(step, fingerprint));
  }

  /** Where the output with that fingerprint lies, or will lie. */
  public Path output(StepName step, String fingerprint) {
    return folder(step, fingerprint).resolve(OUTPUT);
  }

  /** The newest outputs of a step, at most a few dozen; listed once, then remembered. */
  List<Published> newest(StepName step) throws IOException {
    Deque<Published> known = newest.get(step);
    if (known == null) {
      known = new ConcurrentLinkedDeque<>(all(step, REMEMBERED));
      newest.put(step, known);
    }
    return known.stream().filter(p -> Files.exists(p.folder())).toList();
  }

  private void remember(Published published) {
    Deque<Published> known = newest.get(published.manifest().fingerprint().step());
    if (known != null) {
      known.addFirst(published);
      if (known.size() > REMEMBERED) {
        known.removeLast();
      }
    }
  }

  /** All outputs of a step, newest first. */
  public List<Published> all(StepName step) throws IOException {
    return all(step, Integer.MAX_VALUE);
  }

  private List<Published> all(StepName step, int limit) throws IOException {
    Path folder = root.resolve(step.key());
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(folder)) {
      List<Path> newest =
          entries
              .filter(entry -> Files.exists(entry.resolve(Manifest.FILE)))
              .sorted(Comparator.comparing(Store::age).reversed())
              .limit(limit)
              .toList();
      List<Published> published = new ArrayList<>();
      for (Path entry : newest) {
        open(entry).ifPresent(published::add);
      }
      return published;
    }
  }

  /**
   * Publishes an attempt's product by one rename. Where another attempt was first, its output
   * stands and this one is left where it is.
   */
  Published publish(Path product, Fingerprint fingerprint) throws IOException {
    Path target = folder(fingerprint.step(), fingerprint.digest());
    Files.createDirectories(root.resolve(fingerprint.step().key()));
    try {
      Files.move(product, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (FileSystemException e) {
      if (!Files.exists(target.resolve(Manifest.FILE))) {
        throw e;
      }
    }
    Published published = open(target).orElseThrow();
    remember(published);
    return published;
  }

  /** Takes a damaged output out of service; returns where its files lie now. */
  Path retire(Published damaged, Path attempt) throws IOException {
    Path retired = attempt.resolve("damaged");
    Files.createDirectories(attempt);
    Files.move(damaged.folder(), retired, StandardCopyOption.ATOMIC_MOVE);
    return retired.resolve(OUTPUT);
  }

  private static Optional<Published> open(Path folder) throws IOException {
    Path manifest = folder.resolve(Manifest.FILE);
    try {
      return Files.exists(manifest)
          ? Optional.of(new Published(folder, Manifest.read(manifest)))
          : Optional.empty();
    } catch (FileNotFoundException | NoSuchFileException removed) {
      // Cleared away between the two: nobody had said yet that it is needed.
      return Optional.empty();
    }
  }

  private static FileTime age(Path entry) {
    try {
      return Files.getLastModifiedTime(entry.resolve(Manifest.FILE));
    } catch (IOException e) {
      return FileTime.fromMillis(0);
    }
  }

  private Path folder(StepName step, String fingerprint) {
    return root.resolve(step.key()).resolve(fingerprint.substring(0, 16));
  }
}
