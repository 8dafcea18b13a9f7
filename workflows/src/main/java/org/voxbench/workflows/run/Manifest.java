package org.voxbench.workflows.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.voxbench.steps.AtomicFiles;
import org.voxbench.workflows.Json;

/**
 * What a published output consists of, and what it was made from.
 *
 * @param run the run that made it
 * @param fingerprint what it depends on
 * @param files every file of the output, sorted by path
 * @param metrics summary figures of the step
 * @param artifacts files for the tracking server
 */
public record Manifest(
    String run,
    Fingerprint fingerprint,
    List<Entry> files,
    Map<String, Double> metrics,
    List<String> artifacts) {

  static final String FILE = "manifest.json";

  private static final ObjectReader READER =
      Json.MAPPER
          .readerFor(Manifest.class)
          .with(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .with(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES);

  /** One file: path relative to the output with '/', size in bytes, SHA-256. */
  public record Entry(String path, long size, String sha256) {}

  /** Lists and digests all files below {@code output}. */
  static List<Entry> entries(Path output) throws IOException {
    List<Entry> entries = new ArrayList<>();
    for (Path file : Digests.filesBelow(output)) {
      String path = output.relativize(file).toString().replace('\\', '/');
      entries.add(new Entry(path, Files.size(file), Digests.sha256(file)));
    }
    return entries;
  }

  /** The digest of the whole output: what the steps that read it put into their fingerprints. */
  public String digest() {
    StringBuilder all = new StringBuilder();
    files.forEach(f -> all.append(f.path()).append(' ').append(f.sha256()).append('\n'));
    return Digests.sha256(all.toString().getBytes(StandardCharsets.UTF_8));
  }

  /** The same with some of its files only: the digest is then of these. */
  public Manifest with(List<Entry> some) {
    return new Manifest(run, fingerprint, some, metrics, artifacts);
  }

  /** Size of the whole output in bytes. */
  public long bytes() {
    return files.stream().mapToLong(Entry::size).sum();
  }

  /** Files that are missing from {@code output} or differ from what was published. */
  List<String> damaged(Path output) throws IOException {
    List<String> damaged = new ArrayList<>();
    for (Entry entry : files) {
      Path file = output.resolve(entry.path());
      if (!Files.isRegularFile(file)
          || Files.size(file) != entry.size()
          || !Digests.sha256(file).equals(entry.sha256())) {
        damaged.add(entry.path());
      }
    }
    return damaged;
  }

  void write(Path file) throws IOException {
    AtomicFiles.replace(file, Json.MAPPER.writeValueAsBytes(this));
  }

  static Manifest read(Path file) throws IOException {
    try {
      return READER.readValue(file.toFile());
    } catch (JsonProcessingException damaged) {
      throw new IOException(
          file
              + " is damaged: "
              + damaged.getOriginalMessage().replaceFirst(";.*", "")
              + ". Move its folder away, and what it holds is computed again",
          damaged);
    }
  }
}
