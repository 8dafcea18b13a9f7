package org.voxbench.tracking.transfer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What of one run is copied already: a line of JSON for each curve and each artifact, written when
 * the other server has it. A line that a crash tore is as if it were not there, and a lost file
 * only costs a comparison. The file goes when the run is complete.
 */
final class Notes {

  private final Path file;
  private final Set<String> curves = new HashSet<>();
  private final Map<String, Long> artifacts = new HashMap<>();

  private Notes(Path file) {
    this.file = file;
  }

  /**
   * Reads the notes on one owner of content.
   *
   * @param target the id of its copy: a copy made anew begins with empty notes
   */
  static Notes of(Path folder, String target) throws IOException {
    Files.createDirectories(folder);
    Notes notes = new Notes(folder.resolve(target.replaceAll("[^A-Za-z0-9-]", "_") + ".jsonl"));
    if (Files.exists(notes.file)) {
      String text = new String(Files.readAllBytes(notes.file), StandardCharsets.UTF_8);
      text.lines().forEach(notes::read);
      if (!text.isEmpty() && !text.endsWith("\n")) {
        notes.append("");
      }
    }
    return notes;
  }

  private void read(String line) {
    try {
      JsonNode note = Peer.JSON.readTree(line);
      if (note.has("artifact")) {
        artifacts.put(note.path("artifact").asText(), note.path("size").asLong());
      } else if (note.has("curve")) {
        curves.add(note.path("curve").asText() + "@" + note.path("latest").asText());
      }
    } catch (JsonProcessingException torn) {
      // The last line of a process that was killed.
    }
  }

  /** Whether the curve was copied up to this latest point. */
  boolean hasCurve(String key, String latest) {
    return curves.contains(key + "@" + latest);
  }

  void curve(String key, String latest) throws IOException {
    note(Peer.JSON.createObjectNode().put("curve", key).put("latest", latest));
  }

  /** Whether a file of this path and size was copied. */
  boolean hasArtifact(String path, long size) {
    Long known = artifacts.get(path);
    return known != null && known == size;
  }

  void artifact(String path, long size) throws IOException {
    note(Peer.JSON.createObjectNode().put("artifact", path).put("size", size));
  }

  private void note(ObjectNode line) throws IOException {
    append(line.toString());
  }

  private void append(String line) throws IOException {
    Files.writeString(
        file,
        line + "\n",
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND,
        StandardOpenOption.DSYNC);
  }

  /** All is copied. */
  void delete() throws IOException {
    Files.deleteIfExists(file);
  }
}
