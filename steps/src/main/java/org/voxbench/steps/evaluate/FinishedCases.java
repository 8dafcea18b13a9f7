package org.voxbench.steps.evaluate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.voxbench.steps.AtomicFiles;
import org.voxbench.steps.StepContext;
import org.voxbench.steps.volume.LabelVolume;
import org.voxbench.steps.volume.NiftiFile;

/**
 * The cases finished so far. Each is on disk the moment it is finished, its score last, so that an
 * attempt that dies loses one case at most.
 */
final class FinishedCases {

  private final StepContext context;
  private final List<String> structures;
  private final Map<String, CaseScore> scores = new HashMap<>();

  /**
   * What {@code cases/CASE.json} holds.
   *
   * @param prediction SHA-256 of the prediction file
   */
  record Entry(String prediction, CaseScore score) {}

  FinishedCases(StepContext context, List<Structure> structures) throws IOException {
    this.context = context;
    this.structures = structures.stream().map(Structure::key).toList();
    Files.createDirectories(context.output().resolve("predictions"));
    Files.createDirectories(context.output().resolve("cases"));
  }

  /** Takes intact cases from the earlier attempt; returns those still to be done. */
  List<String> adopt(List<String> ids) throws IOException {
    List<String> left = new ArrayList<>(ids);
    for (String id : ids) {
      Optional<Entry> entry = context.earlier().flatMap(folder -> intact(folder, id));
      if (entry.isPresent()) {
        copy(prediction(context.earlier().orElseThrow(), id), prediction(context.output(), id));
        store(entry.get());
        left.remove(id);
      }
    }
    if (left.size() < ids.size()) {
      context
          .listener()
          .note(
              "evaluate: took %d of %d cases from an earlier attempt"
                  .formatted(ids.size() - left.size(), ids.size()));
    }
    return left;
  }

  private Optional<Entry> intact(Path folder, String id) {
    try {
      Entry entry = Scores.JSON.readValue(Files.readAllBytes(file(folder, id)), Entry.class);
      boolean same =
          entry.score().name().equals(id)
              && entry.score().scores().stream()
                  .map(StructureScore::key)
                  .toList()
                  .equals(structures)
              && entry.prediction().equals(sha256(prediction(folder, id)));
      return same ? Optional.of(entry) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Keeps a prediction and its score. */
  void keep(LabelVolume prediction, CaseScore score) throws IOException {
    Path file = prediction(context.output(), score.name());
    NiftiFile.writeLabels(file, prediction);
    store(new Entry(sha256(file), score));
  }

  /** Keeps the worst score of a case without prediction; a later attempt tries it again. */
  void keepFailed(CaseScore score) {
    scores.put(score.name(), score);
  }

  CaseScore score(String id) {
    CaseScore score = scores.get(id);
    if (score == null) {
      throw new IllegalStateException("case " + id + " was not scored");
    }
    return score;
  }

  private void store(Entry entry) throws IOException {
    AtomicFiles.write(
        file(context.output(), entry.score().name()), Scores.JSON.writeValueAsBytes(entry));
    scores.put(entry.score().name(), entry.score());
  }

  private static Path file(Path folder, String id) {
    return folder.resolve("cases").resolve(id + ".json");
  }

  private static Path prediction(Path folder, String id) {
    return folder.resolve("predictions").resolve(id + ".nii.gz");
  }

  private static void copy(Path from, Path to) throws IOException {
    AtomicFiles.write(to, out -> Files.copy(from, out));
  }

  private static String sha256(Path file) throws IOException {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(Files.readAllBytes(file)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
