package org.voxbench.steps.checkpoint;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * A folder of checkpoints, one subfolder each: the tensors, {@code state.json} (the {@link
 * Checkpoint}) and {@code manifest.json} (SHA-256 of every other file). A checkpoint appears by one
 * rename after all of it was forced to the disk, so a reader finds all of it or none; what the disk
 * spoils later is found by digest when it is read.
 */
public final class CheckpointStore {

  /**
   * Weights, running statistics and the optimizer's state, which every checkpoint has. Publishing
   * leaves the optimizer's tensors out, so that weights are not stored twice.
   */
  public static final String TENSORS = "training.safetensors";

  private static final String TEMPORARY = ".writing-";

  /** Writes the tensors of a checkpoint into an empty folder. */
  @FunctionalInterface
  public interface Content {
    void writeTo(Path folder) throws IOException;
  }

  private final CheckpointFolder folder;
  private final Consumer<String> told;

  /**
   * Opens a store; the folder is made when it is missing, leftovers of an interrupted writing are
   * removed.
   *
   * @param told hears one sentence per checkpoint that was found damaged
   */
  public CheckpointStore(Path root, Consumer<String> told) throws IOException {
    folder = new CheckpointFolder(Files.createDirectories(root));
    this.told = told;
    for (Path leftover : CheckpointFolder.children(root, TEMPORARY)) {
      delete(leftover);
    }
  }

  /**
   * Stores a checkpoint; one of the same iteration is replaced. A write that fails, as on a full
   * disk, leaves the others as they were.
   */
  public void write(Checkpoint checkpoint, Content content) throws IOException {
    Path temporary = temporary(checkpoint.name());
    try {
      content.writeTo(temporary);
      CheckpointFolder.writeState(temporary, checkpoint);
      SortedMap<String, String> digests = new TreeMap<>();
      for (Path file : CheckpointFolder.children(temporary, "")) {
        digests.put(file.getFileName().toString(), Digests.sha256(file));
      }
      CheckpointFolder.writeManifest(temporary, digests);
      publish(temporary, folder(checkpoint));
    } finally {
      // Half a checkpoint helps nobody, and on a full disk it takes the room of what is to be said.
      delete(temporary);
    }
  }

  /** The newest checkpoint that is whole. */
  public Optional<Checkpoint> newest() throws IOException {
    for (Path found : folder.newestFirst()) {
      if (isWhole(found)) {
        return CheckpointFolder.state(found);
      }
    }
    return Optional.empty();
  }

  /**
   * The checkpoint with the highest moving average of validation Dice, the earlier one when two are
   * equal; empty when none was validated.
   */
  public Optional<Checkpoint> best() throws IOException {
    return CheckpointFolder.best(folder.recorded());
  }

  /** Where the tensors of a stored checkpoint lie. */
  public Path folder(Checkpoint checkpoint) {
    return folder.of(checkpoint);
  }

  /**
   * Removes all but the best and the newest {@code last} checkpoints at the end of an epoch. One
   * from the middle of an epoch lives until the next epoch's end is stored.
   */
  public void prune(int last) throws IOException {
    List<Checkpoint> recorded = folder.recorded();
    Set<Path> kept = new HashSet<>();
    CheckpointFolder.best(recorded).map(this::folder).ifPresent(kept::add);
    int ends = 0;
    for (Checkpoint checkpoint : recorded) {
      if (checkpoint.epochEnd() ? ends++ < last : ends == 0) {
        kept.add(folder(checkpoint));
      }
    }
    for (Path found : folder.newestFirst()) {
      if (!kept.contains(found)) {
        delete(found);
      }
    }
  }

  /**
   * Takes over every whole checkpoint of another store's folder, which is only read; by hard link
   * where the disk allows it.
   */
  public void adopt(Path earlier) throws IOException {
    for (Path found : new CheckpointFolder(earlier).newestFirst()) {
      String name = found.getFileName().toString();
      if (isWhole(found)) {
        Path temporary = temporary(name);
        for (Path file : CheckpointFolder.children(found, "")) {
          linkOrCopy(file, temporary.resolve(file.getFileName()));
        }
        publish(temporary, folder.root().resolve(name));
      }
    }
  }

  private boolean isWhole(Path found) throws IOException {
    Optional<String> damage = CheckpointFolder.damage(found);
    damage.ifPresent(
        what -> told.accept("checkpoint " + found.getFileName() + " is not used: " + what));
    return damage.isEmpty();
  }

  private Path temporary(String name) throws IOException {
    Path temporary = folder.root().resolve(TEMPORARY + name);
    delete(temporary);
    return Files.createDirectory(temporary);
  }

  private void publish(Path temporary, Path target) throws IOException {
    for (Path file : CheckpointFolder.children(temporary, "")) {
      sync(file, StandardOpenOption.READ);
    }
    sync(temporary, StandardOpenOption.READ);
    delete(target);
    Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
    sync(folder.root(), StandardOpenOption.READ);
  }

  private static void linkOrCopy(Path source, Path target) throws IOException {
    try {
      Files.createLink(target, source);
    } catch (UnsupportedOperationException | FileSystemException e) {
      Files.copy(source, target);
    }
  }

  private static void delete(Path folder) throws IOException {
    if (Files.exists(folder)) {
      for (Path file : CheckpointFolder.children(folder, "")) {
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
