package org.voxbench.steps.dataset;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.voxbench.steps.AtomicFiles;
import org.voxbench.steps.PermanentStepException;

/**
 * The files of a prepared dataset. A case is finished when its {@code case.json}, written last,
 * stands beside its voxels; the dataset is published when {@code prepared.json} does.
 */
public final class PreparedFiles {

  private static final String MANIFEST = "prepared.json";
  private static final String PLAN = "plan.json";
  private static final int FORMAT = 2;
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
          .build();

  private final Path folder;

  /**
   * What {@code prepared.json} holds.
   *
   * @param format raised when the files change their meaning
   * @param modalities names of the channels
   * @param labels names of the foreground classes
   * @param plan SHA-256 of {@code plan.json}
   * @param cases SHA-256 of each case's {@code case.json}, by id
   */
  @JsonPropertyOrder({"format", "modalities", "labels", "plan", "cases"})
  record Manifest(
      int format,
      List<String> modalities,
      SortedMap<Integer, String> labels,
      String plan,
      SortedMap<String, String> cases) {}

  public PreparedFiles(Path folder) {
    this.folder = folder;
  }

  /**
   * Writes one case; {@code case.json} comes last, so that a case is there wholly or not at all.
   *
   * @param key digest of everything the case is made from
   * @param channels voxels (z, y, x) per channel: CT in the scan's units, others normalised
   * @param labels class per voxel
   * @param locations concatenated linear indices, in ascending order of the class
   */
  public void write(
      String key,
      PreparedCase.Description description,
      List<float[]> channels,
      byte[] labels,
      int[] locations)
      throws IOException {
    home(description.id()).write(key, description, channels, labels, locations);
  }

  /** Takes away what was written of a case. */
  public void discard(String id) throws IOException {
    home(id).delete();
  }

  /** Publishes the cases written so far as one dataset. */
  public void publish(
      PreparationPlan plan, List<String> modalities, Map<Integer, String> labels, List<String> ids)
      throws IOException {
    byte[] planBytes = JSON.writeValueAsBytes(plan);
    AtomicFiles.write(folder.resolve(PLAN), planBytes);
    SortedMap<String, String> cases = new TreeMap<>();
    for (String id : ids) {
      cases.put(id, home(id).digest());
    }
    Manifest manifest =
        new Manifest(
            FORMAT,
            List.copyOf(modalities),
            new TreeMap<>(labels),
            HexFormat.of().formatHex(CaseFolder.sha256().digest(planBytes)),
            cases);
    AtomicFiles.write(folder.resolve(MANIFEST), JSON.writeValueAsBytes(manifest));
  }

  Manifest manifest() throws IOException {
    Path file = folder.resolve(MANIFEST);
    if (!Files.isRegularFile(file)) {
      throw new PermanentStepException(
          folder + ": expected a prepared dataset but there is no prepared.json; run preprocess");
    }
    Manifest manifest = parse(file, Manifest.class);
    if (manifest.format() != FORMAT) {
      throw new PermanentStepException(
          "%s: expected format %d but was %d; run preprocess again"
              .formatted(file, FORMAT, manifest.format()));
    }
    return manifest;
  }

  PreparationPlan plan(Manifest manifest) throws IOException {
    Path file = folder.resolve(PLAN);
    if (!CaseFolder.digest(file).equals(manifest.plan())) {
      throw new PermanentStepException(
          file + ": expected the plan that was published but it was changed; run preprocess again");
    }
    return parse(file, PreparationPlan.class);
  }

  PreparedCase open(String id, PreparationPlan plan) throws IOException {
    CaseFolder home = home(id);
    return new PreparedCase(home.path(), home.description(id), plan.normalization());
  }

  /** What is wrong with a case, in words, or nothing. */
  Optional<String> damage(String id, Manifest manifest) {
    CaseFolder home = home(id);
    try {
      if (!home.digest().equals(manifest.cases().get(id))) {
        return Optional.of("case " + id + ": case.json does not match its checksum");
      }
    } catch (IOException e) {
      return Optional.of("case " + id + ": cannot be read (" + e + ")");
    }
    return home.damage().map(what -> "case " + id + ": " + what);
  }

  CaseFolder home(String id) {
    return new CaseFolder(folder.resolve("cases").resolve(id));
  }

  private static <T> T parse(Path file, Class<T> type) throws IOException {
    return JSON.readValue(file.toFile(), type);
  }
}
