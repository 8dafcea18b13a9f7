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
import java.nio.file.attribute.PosixFilePermissions;
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

/**
 * The files of one prepared case. It is whole when {@code case.json}, written last, stands beside
 * the voxels. Its name is no part of it: the same scan under two names has the same files.
 */
record CaseFolder(Path path) {

  private static final String CASE = "case.json";
  private static final List<String> FILES =
      List.of(PreparedCase.IMAGE, PreparedCase.LABELS, PreparedCase.LOCATIONS, CASE);
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
          .build();

  /**
   * What {@code case.json} holds.
   *
   * @param key digest of everything the case was made from
   * @param channels number of image channels
   * @param geometry the way back to the raw scan
   * @param voxels voxels per foreground class
   * @param locations stored locations per foreground class
   * @param digests SHA-256 of each of the other files
   */
  @JsonPropertyOrder({"key", "channels", "geometry", "voxels", "locations", "digests"})
  private record CaseFile(
      String key,
      int channels,
      CaseGeometry geometry,
      SortedMap<Integer, Long> voxels,
      SortedMap<Integer, Integer> locations,
      SortedMap<String, String> digests) {}

  private interface Filler {
    void fill(ByteBuffer chunk, int at, int count);
  }

  void write(
      String key,
      PreparedCase.Description of,
      List<float[]> channels,
      byte[] labels,
      int[] locations)
      throws IOException {
    Files.createDirectories(path);
    SortedMap<String, String> digests = new TreeMap<>();
    digests.put(
        PreparedCase.IMAGE,
        store(
            PreparedCase.IMAGE,
            out -> {
              for (float[] voxels : channels) {
                put(
                    voxels.length,
                    Float.BYTES,
                    out,
                    (chunk, at, count) -> chunk.asFloatBuffer().put(voxels, at, count));
              }
            }));
    digests.put(PreparedCase.LABELS, store(PreparedCase.LABELS, out -> out.write(labels)));
    digests.put(
        PreparedCase.LOCATIONS,
        store(
            PreparedCase.LOCATIONS,
            out ->
                put(
                    locations.length,
                    Integer.BYTES,
                    out,
                    (chunk, at, count) -> chunk.asIntBuffer().put(locations, at, count))));
    CaseFile last =
        new CaseFile(key, of.channels(), of.geometry(), of.voxels(), of.locations(), digests);
    store(CASE, out -> out.write(JSON.writeValueAsBytes(last)));
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

  /** Files may be one with those of another output: nobody may write to them. */
  private String store(String name, AtomicFiles.Content content) throws IOException {
    MessageDigest digest = sha256();
    Path file = path.resolve(name);
    AtomicFiles.write(
        file,
        out -> {
          DigestOutputStream digesting = new DigestOutputStream(out, digest);
          content.writeTo(digesting);
          digesting.flush();
        });
    if (Files.getFileStore(file).supportsFileAttributeView("posix")) {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--r--r--"));
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  boolean exists() {
    return Files.isDirectory(path);
  }

  PreparedCase.Description description(String id) throws IOException {
    CaseFile file = read();
    return new PreparedCase.Description(
        id, file.channels(), file.geometry(), file.voxels(), file.locations());
  }

  /** What is wrong with the case, in words, or nothing. */
  Optional<String> damage() {
    try {
      return damage(read());
    } catch (IOException e) {
      return Optional.of(CASE + " cannot be read (" + e + ")");
    }
  }

  /** As {@link #damage()}; a case that was made from something else is damaged too. */
  Optional<String> damage(String key) {
    try {
      CaseFile file = read();
      return file.key().equals(key)
          ? damage(file)
          : Optional.of(CASE + " belongs to another scan or plan");
    } catch (IOException e) {
      return Optional.of(CASE + " cannot be read (" + e + ")");
    }
  }

  private Optional<String> damage(CaseFile file) throws IOException {
    for (Map.Entry<String, String> entry : file.digests().entrySet()) {
      if (!digest(path.resolve(entry.getKey())).equals(entry.getValue())) {
        return Optional.of(entry.getKey() + " does not match its checksum");
      }
    }
    return Optional.empty();
  }

  /** SHA-256 of {@code case.json}, which holds those of the other files. */
  String digest() throws IOException {
    return digest(path.resolve(CASE));
  }

  /** Gives the files a second name in {@code other}; copies where the disk has no hard links. */
  void linkTo(CaseFolder other) throws IOException {
    Files.createDirectories(other.path());
    for (String name : FILES) {
      Path from = path.resolve(name);
      Path to = other.path().resolve(name);
      Files.deleteIfExists(to);
      try {
        Files.createLink(to, from);
      } catch (UnsupportedOperationException | IOException e) {
        AtomicFiles.write(to, out -> Files.copy(from, out));
      }
    }
  }

  /** Takes the case away, as far as it is there. */
  void delete() throws IOException {
    for (String name : FILES) {
      Files.deleteIfExists(path.resolve(name));
    }
    Files.deleteIfExists(path);
  }

  long bytes() throws IOException {
    long bytes = 0;
    for (String name : FILES) {
      Path file = path.resolve(name);
      bytes += Files.exists(file) ? Files.size(file) : 0;
    }
    return bytes;
  }

  /** How many names the voxels have on the disk; 1 where the disk does not tell. */
  int names() throws IOException {
    Path file = path.resolve(PreparedCase.IMAGE);
    if (!Files.exists(file) || !Files.getFileStore(file).supportsFileAttributeView("unix")) {
      return 1;
    }
    return (Integer) Files.getAttribute(file, "unix:nlink");
  }

  private CaseFile read() throws IOException {
    return JSON.readValue(path.resolve(CASE).toFile(), CaseFile.class);
  }

  static String digest(Path file) throws IOException {
    MessageDigest digest = sha256();
    byte[] chunk = new byte[1 << 18];
    try (InputStream in = Files.newInputStream(file)) {
      for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
        digest.update(chunk, 0, count);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
