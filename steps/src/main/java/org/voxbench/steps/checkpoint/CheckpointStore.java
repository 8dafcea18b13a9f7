package org.voxbench.steps.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A folder of checkpoints, one subfolder each: the tensors, {@code state.json} (the {@link
 * Checkpoint}) and {@code manifest.json} (SHA-256 of every other file). A checkpoint appears by one
 * rename after all of it was forced to the disk, so a reader finds all of it or none; what the disk
 * spoils later is found by digest when it is read.
 */
public final class CheckpointStore {

  /** Weights and running statistics; the file a training's tensors must contain. */
  public static final String WEIGHTS = "weights.safetensors";

  private static final String STATE = "state.json";
  private static final String MANIFEST = "manifest.json";
  private static final String PREFIX = "iteration-";
  private static final String TEMPORARY = ".writing-";
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
          .build();

  /** Writes the tensors of a checkpoint into an empty folder. */
  @FunctionalInterface
  public interface Content {
    void writeTo(Path folder) throws IOException;
  }

  private final Path root;
  private final Consumer<String> told;

  /**
   * Opens a store; the folder is made when it is missing, leftovers of an interrupted writing are
   * removed.
   *
   * @param told hears one sentence per checkpoint that was found damaged
   */
  public CheckpointStore(Path root, Consumer<String> told) throws IOException {
    this.root = Files.createDirectories(root);
    this.told = told;
    for (Path leftover : children(root, TEMPORARY)) {
      delete(leftover);
    }
  }

  /** Stores a checkpoint; one of the same iteration is replaced. */
  public void write(Checkpoint checkpoint, Content content) throws IOException {
    Path temporary = Files.createDirectory(root.resolve(TEMPORARY + checkpoint.name()));
    content.writeTo(temporary);
    JSON.writeValue(temporary.resolve(STATE).toFile(), checkpoint);
    SortedMap<String, String> digests = new TreeMap<>();
    for (Path file : children(temporary, "")) {
      sync(file, StandardOpenOption.WRITE);
      digests.put(file.getFileName().toString(), Digests.sha256(file));
    }
    JSON.writeValue(temporary.resolve(MANIFEST).toFile(), digests);
    sync(temporary.resolve(MANIFEST), StandardOpenOption.WRITE);
    publish(temporary, folder(checkpoint));
  }

  /** The newest checkpoint that is whole. */
  public Optional<Checkpoint> newest() throws IOException {
    for (Path folder : newestFirst()) {
      Optional<Checkpoint> found = verified(folder);
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  /**
   * The whole checkpoint with the highest moving average of validation Dice, the earlier one when
   * two are equal; empty when none was validated.
   */
  public Optional<Checkpoint> best() throws IOException {
    return best(whole());
  }

  private static Optional<Checkpoint> best(List<Checkpoint> checkpoints) {
    Comparator<Checkpoint> byDice = Comparator.comparingDouble(Checkpoint::validationAverage);
    return checkpoints.stream()
        .filter(checkpoint -> !Double.isNaN(checkpoint.validationAverage()))
        .max(byDice.thenComparing(Comparator.comparingLong(Checkpoint::iteration).reversed()));
  }

  /** Where the tensors of a stored checkpoint lie. */
  public Path folder(Checkpoint checkpoint) {
    return root.resolve(checkpoint.name());
  }

  /**
   * Removes all but the best and the newest {@code last} checkpoints at the end of an epoch. One
   * from the middle of an epoch lives until the next epoch's end is stored.
   */
  public void prune(int last) throws IOException {
    List<Checkpoint> newestFirst = new ArrayList<>();
    for (Path folder : newestFirst()) {
      read(folder).ifPresent(newestFirst::add);
    }
    Set<Path> kept = new HashSet<>();
    best(newestFirst).map(this::folder).ifPresent(kept::add);
    int ends = 0;
    for (Checkpoint checkpoint : newestFirst) {
      if (checkpoint.epochEnd() ? ends++ < last : ends == 0) {
        kept.add(folder(checkpoint));
      }
    }
    for (Path folder : newestFirst()) {
      if (!kept.contains(folder)) {
        delete(folder);
      }
    }
  }

  /** Takes over every whole checkpoint of another store, by hard link where the disk allows it. */
  public void adopt(CheckpointStore earlier) throws IOException {
    for (Checkpoint checkpoint : earlier.whole()) {
      if (Files.exists(folder(checkpoint))) {
        continue;
      }
      Path temporary = Files.createDirectory(root.resolve(TEMPORARY + checkpoint.name()));
      for (Path file : children(earlier.folder(checkpoint), "")) {
        linkOrCopy(file, temporary.resolve(file.getFileName()));
      }
      publish(temporary, folder(checkpoint));
    }
  }

  private List<Checkpoint> whole() throws IOException {
    List<Checkpoint> found = new ArrayList<>();
    for (Path folder : newestFirst()) {
      verified(folder).ifPresent(found::add);
    }
    return found;
  }

  private List<Path> newestFirst() throws IOException {
    List<Path> folders = new ArrayList<>(children(root, PREFIX));
    folders.sort(Comparator.<Path>naturalOrder().reversed());
    return folders;
  }

  private Optional<Checkpoint> verified(Path folder) throws IOException {
    Optional<String> damage = damage(folder);
    if (damage.isPresent()) {
      told.accept("checkpoint " + folder.getFileName() + " is not used: " + damage.get());
      return Optional.empty();
    }
    return read(folder);
  }

  private static Optional<String> damage(Path folder) throws IOException {
    Path manifest = folder.resolve(MANIFEST);
    if (!Files.isRegularFile(manifest)) {
      return Optional.of(MANIFEST + " is missing");
    }
    try {
      Map<String, String> digests = JSON.readValue(manifest.toFile(), new TypeReference<>() {});
      if (!digests.keySet().containsAll(Set.of(STATE, WEIGHTS))) {
        return Optional.of(MANIFEST + " does not list " + STATE + " and " + WEIGHTS);
      }
      for (Map.Entry<String, String> entry : digests.entrySet()) {
        Path file = folder.resolve(entry.getKey());
        if (!Files.isRegularFile(file)) {
          return Optional.of(entry.getKey() + " is missing");
        }
        String found = Digests.sha256(file);
        if (!found.equals(entry.getValue())) {
          return Optional.of(
              entry.getKey() + " has SHA-256 " + found + " but was written with " + entry.getValue());
        }
      }
      return Optional.empty();
    } catch (JsonProcessingException e) {
      return Optional.of(MANIFEST + " is not readable: " + e.getOriginalMessage());
    }
  }

  private static Optional<Checkpoint> read(Path folder) throws IOException {
    try {
      return Optional.of(JSON.readValue(folder.resolve(STATE).toFile(), Checkpoint.class));
    } catch (JsonProcessingException | java.io.FileNotFoundException e) {
      return Optional.empty();
    }
  }

  private void publish(Path temporary, Path folder) throws IOException {
    sync(temporary, StandardOpenOption.READ);
    delete(folder);
    Files.move(temporary, folder, StandardCopyOption.ATOMIC_MOVE);
    sync(root, StandardOpenOption.READ);
  }

  private static void linkOrCopy(Path source, Path target) throws IOException {
    try {
      Files.createLink(target, source);
    } catch (UnsupportedOperationException | FileSystemException e) {
      Files.copy(source, target);
      sync(target, StandardOpenOption.WRITE);
    }
  }

  private static List<Path> children(Path folder, String prefix) throws IOException {
    try (Stream<Path> paths = Files.list(folder)) {
      return paths.filter(path -> path.getFileName().toString().startsWith(prefix)).toList();
    }
  }

  private static void delete(Path folder) throws IOException {
    if (Files.exists(folder)) {
      for (Path file : children(folder, "")) {
        Files.delete(file);
      }
      Files.delete(folder);
    }
  }

  private static void sync(Path path, StandardOpenOption mode) throws IOException {
    try (FileChannel channel = FileChannel.open(path, mode)) {
      channel.force(true);
    }
  }
}
