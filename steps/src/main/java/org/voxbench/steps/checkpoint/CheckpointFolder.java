package org.voxbench.steps.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.stream.Stream;

/**
 * The files of a folder of checkpoints: names, reading and checking; see {@link CheckpointStore}.
 */
record CheckpointFolder(Path root) {

  static final String STATE = "state.json";
  static final String MANIFEST = "manifest.json";

  private static final String PREFIX = "iteration-";
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
          .build();

  Path of(Checkpoint checkpoint) {
    return root.resolve(checkpoint.name());
  }

  /** Every folder of a checkpoint, damaged or not. */
  List<Path> newestFirst() throws IOException {
    if (!Files.isDirectory(root)) {
      return List.of();
    }
    List<Path> folders = new ArrayList<>(children(root, PREFIX));
    folders.sort(Comparator.<Path>naturalOrder().reversed());
    return folders;
  }

  /** Every checkpoint whose state can be read; tensors are not looked at. */
  List<Checkpoint> recorded() throws IOException {
    List<Checkpoint> found = new ArrayList<>();
    for (Path folder : newestFirst()) {
      state(folder).ifPresent(found::add);
    }
    return found;
  }

  /** The one with the highest moving average, the earlier of equals; empty without any. */
  static Optional<Checkpoint> best(List<Checkpoint> checkpoints) {
    Comparator<Checkpoint> byDice = Comparator.comparingDouble(Checkpoint::validationAverage);
    return checkpoints.stream()
        .filter(checkpoint -> !Double.isNaN(checkpoint.validationAverage()))
        .max(byDice.thenComparing(Comparator.comparingLong(Checkpoint::iteration).reversed()));
  }

  static Optional<Checkpoint> state(Path folder) throws IOException {
    Path file = folder.resolve(STATE);
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try {
      return Optional.of(JSON.readValue(file.toFile(), Checkpoint.class));
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  static void writeState(Path folder, Checkpoint checkpoint) throws IOException {
    Files.write(folder.resolve(STATE), JSON.writeValueAsBytes(checkpoint));
  }

  static void writeManifest(Path folder, SortedMap<String, String> digests) throws IOException {
    Files.write(folder.resolve(MANIFEST), JSON.writeValueAsBytes(digests));
  }

  /** What is wrong with a checkpoint's files, in words; empty when it is whole. */
  static Optional<String> damage(Path folder) throws IOException {
    Path manifest = folder.resolve(MANIFEST);
    if (!Files.isRegularFile(manifest)) {
      return Optional.of(MANIFEST + " is missing");
    }
    try {
      Map<String, String> digests = JSON.readValue(manifest.toFile(), new TypeReference<>() {});
      if (!digests.keySet().containsAll(Set.of(STATE, CheckpointStore.TENSORS))) {
        return Optional.of(
            MANIFEST + " does not list " + STATE + " and " + CheckpointStore.TENSORS);
      }
      for (Map.Entry<String, String> entry : digests.entrySet()) {
        Optional<String> damage = damage(folder.resolve(entry.getKey()), entry.getValue());
        if (damage.isPresent()) {
          return damage;
        }
      }
      return Optional.empty();
    } catch (JsonProcessingException e) {
      return Optional.of(MANIFEST + " cannot be read: " + e.getOriginalMessage());
    }
  }

  private static Optional<String> damage(Path file, String expected) throws IOException {
    if (!Files.isRegularFile(file)) {
      return Optional.of(file.getFileName() + " is missing");
    }
    String found = Digests.sha256(file);
    return found.equals(expected)
        ? Optional.empty()
        : Optional.of(
            "%s has SHA-256 %s but was written with %s"
                .formatted(file.getFileName(), found, expected));
  }

  static List<Path> children(Path folder, String prefix) throws IOException {
    try (Stream<Path> paths = Files.list(folder)) {
      return paths.filter(path -> path.getFileName().toString().startsWith(prefix)).toList();
    }
  }
}
