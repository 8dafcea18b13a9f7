package org.voxbench.steps.dataset;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
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
  private static final String CASE = "case.json";
  private static final int FORMAT = 1;
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

  /**
   * What {@code case.json} holds.
   *
   * @param recipe digest of everything the case was made from
   * @param description what is known of the case
   * @param digests SHA-256 of each file of the case
   */
  @JsonPropertyOrder({"recipe", "description", "digests"})
  record CaseFile(
      String recipe, PreparedCase.Description description, SortedMap<String, String> digests) {}

  public PreparedFiles(Path folder) {
    this.folder = folder;
  }

  /**
   * Writes one case; {@code case.json} comes last, so that a case is there wholly or not at all.
   *
   * @param recipe digest of everything the case is made from
   * @param channels normalised voxels (z, y, x) per channel
   * @param labels class per voxel
   * @param locations concatenated linear indices, in ascending order of the class
   */
  public void write(
      String recipe,
      PreparedCase.Description description,
      List<float[]> channels,
      byte[] labels,
      int[] locations)
      throws IOException {
    Path home = home(description.id());
    Files.createDirectories(home);
    SortedMap<String, String> digests = new TreeMap<>();
    digests.put(
        PreparedCase.IMAGE,
        store(
            home.resolve(PreparedCase.IMAGE),
            out -> {
              for (float[] voxels : channels) {
                put(
                    voxels.length,
                    Float.BYTES,
                    out,
                    (chunk, at, count) -> chunk.asFloatBuffer().put(voxels, at, count));
              }
            }));
    digests.put(
        PreparedCase.LABELS, store(home.resolve(PreparedCase.LABELS), out -> out.write(labels)));
    digests.put(
        PreparedCase.LOCATIONS,
        store(
            home.resolve(PreparedCase.LOCATIONS),
            out ->
                put(
                    locations.length,
                    Integer.BYTES,
                    out,
                    (chunk, at, count) -> chunk.asIntBuffer().put(locations, at, count))));
    AtomicFiles.write(
        home.resolve(CASE), JSON.writeValueAsBytes(new CaseFile(recipe, description, digests)));
  }

  private interface Filler {
    void fill(ByteBuffer chunk, int at, int count);
  }

  private static void put(int length, int size, OutputStream out, Filler filler)
      throws IOException {
    ByteBuffer chunk = ByteBuffer.allocate(1 << 18).order(ByteOrder.LITTLE_ENDIAN);
    int step = chunk.capacity() / size;
    for (int at = 0; at < length; at += step) {
      int count = Math.min(step, length - at);
      filler.fill(chunk, at, count);
      out.write(chunk.array(), 0, count * size);
    }
  }

  private static String store(Path file, AtomicFiles.Content content) throws IOException {
    MessageDigest digest = sha256();
    AtomicFiles.write(
        file,
        out -> {
          DigestOutputStream digesting = new DigestOutputStream(out, digest);
          content.writeTo(digesting);
          digesting.flush();
        });
    return HexFormat.of().formatHex(digest.digest());
  }

  /** Publishes the cases written so far as one dataset. */
  public void publish(
      PreparationPlan plan, List<String> modalities, Map<Integer, String> labels, List<String> ids)
      throws IOException {
    byte[] planBytes = JSON.writeValueAsBytes(plan);
    AtomicFiles.write(folder.resolve(PLAN), planBytes);
    SortedMap<String, String> cases = new TreeMap<>();
    for (String id : ids) {
      cases.put(id, digest(home(id).resolve(CASE)));
    }
    Manifest manifest =
        new Manifest(
            FORMAT,
            List.copyOf(modalities),
            new TreeMap<>(labels),
            HexFormat.of().formatHex(sha256().digest(planBytes)),
            cases);
    AtomicFiles.write(folder.resolve(MANIFEST), JSON.writeValueAsBytes(manifest));
  }

  /** Whether the case is there, made by this recipe, and every file matches its checksum. */
  public boolean holdsIntact(String id, String recipe) {
    try {
      CaseFile stored = read(id);
      return stored.recipe().equals(recipe) && damage(id, stored).isEmpty();
    } catch (IOException e) {
      return false;
    }
  }

  /** Copies an intact case of another folder into this one, by hard link where possible. */
  public void adopt(PreparedFiles other, String id) throws IOException {
    Path home = home(id);
    Files.createDirectories(home);
    for (String name :
        List.of(PreparedCase.IMAGE, PreparedCase.LABELS, PreparedCase.LOCATIONS, CASE)) {
      Path from = other.home(id).resolve(name);
      Files.deleteIfExists(home.resolve(name));
      try {
        Files.createLink(home.resolve(name), from);
      } catch (UnsupportedOperationException | IOException e) {
        Files.copy(from, home.resolve(name));
      }
    }
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
    if (!digest(file).equals(manifest.plan())) {
      throw new PermanentStepException(
          file + ": expected the plan that was published but it was changed; run preprocess again");
    }
    return parse(file, PreparationPlan.class);
  }

  PreparedCase open(String id) throws IOException {
    return new PreparedCase(home(id), read(id).description());
  }

  /** What is wrong with a case, in words, or nothing. */
  Optional<String> damage(String id, Manifest manifest) {
    try {
      if (!digest(home(id).resolve(CASE)).equals(manifest.cases().get(id))) {
        return Optional.of("case " + id + ": case.json does not match its checksum");
      }
      return damage(id, read(id));
    } catch (IOException e) {
      return Optional.of("case " + id + ": cannot be read (" + e + ")");
    }
  }

  private Optional<String> damage(String id, CaseFile stored) throws IOException {
    for (Map.Entry<String, String> entry : stored.digests().entrySet()) {
      if (!digest(home(id).resolve(entry.getKey())).equals(entry.getValue())) {
        return Optional.of("case " + id + ": " + entry.getKey() + " does not match its checksum");
      }
    }
    return Optional.empty();
  }

  private CaseFile read(String id) throws IOException {
    return parse(home(id).resolve(CASE), CaseFile.class);
  }

  private static <T> T parse(Path file, Class<T> type) throws IOException {
    return JSON.readValue(file.toFile(), type);
  }

  private Path home(String id) {
    return folder.resolve("cases").resolve(id);
  }

  private static String digest(Path file) throws IOException {
    MessageDigest digest = sha256();
    byte[] chunk = new byte[1 << 18];
    try (InputStream in = Files.newInputStream(file)) {
      for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
        digest.update(chunk, 0, count);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
