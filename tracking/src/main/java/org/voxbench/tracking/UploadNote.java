package org.voxbench.tracking;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is known of an upload that is not finished: its id, where each part goes, and which parts
 * the server has. The first line of its file says the former, and each further one is of a part; a
 * line that a crash tore costs sending that part again. Nothing here says who is calling.
 */
final class UploadNote {

  private static final Logger LOG = LoggerFactory.getLogger(UploadNote.class);

  /**
   * What does not change while an upload goes on.
   *
   * @param target address of the artifact
   * @param sha256 of the file, in hexadecimal
   * @param size of the file in bytes
   * @param partSize of every part but the last
   */
  record Begun(
      String target, String sha256, long size, long partSize, String id, List<PartPlace> places) {

    Begun {
      places = List.copyOf(places);
      if (size < 1 || partSize < 1 || id.isEmpty()) {
        throw new IllegalArgumentException("expected an id and sizes but found none");
      }
      long parts = parts(size, partSize);
      if (places.size() != parts) {
        throw new IllegalArgumentException(
            "expected " + parts + " addresses for parts but found " + places.size());
      }
    }
  }

  private final Path note;
  private final Begun begun;
  private final TreeMap<Integer, String> tags = new TreeMap<>();

  UploadNote(Path note, Begun begun) {
    this.note = note;
    this.begun = begun;
  }

  static long parts(long size, long partSize) {
    return (size + partSize - 1) / partSize;
  }

  /** Reads a note; one that is damaged is none. */
  static Optional<UploadNote> read(Path note) throws IOException {
    List<String> lines =
        new String(Files.readAllBytes(note), StandardCharsets.UTF_8)
            .lines()
            .filter(line -> !line.isEmpty())
            .toList();
    try {
      UploadNote read = new UploadNote(note, begun(lines.isEmpty() ? "" : lines.get(0)));
      lines.stream().skip(1).forEach(read::readPart);
      return Optional.of(read);
    } catch (JsonProcessingException | IllegalArgumentException damaged) {
      LOG.debug("{} is damaged: {}", note, damaged.getMessage());
      return Optional.empty();
    }
  }

  private static Begun begun(String line) throws JsonProcessingException {
    JsonNode json = Rest.JSON.readTree(line);
    List<PartPlace> places = new ArrayList<>();
    for (JsonNode place : json.path("parts")) {
      places.add(PartPlace.of(place));
    }
    return new Begun(
        json.path("target").asText(),
        json.path("sha256").asText(),
        json.path("size").asLong(),
        json.path("part_size").asLong(),
        json.path("upload_id").asText(),
        places);
  }

  private void readPart(String line) {
    try {
      JsonNode json = Rest.JSON.readTree(line);
      int number = json.path("part").asInt();
      if (number >= 1 && number <= begun.places().size() && json.path("etag").isTextual()) {
        tags.put(number, json.path("etag").asText());
      }
    } catch (JsonProcessingException torn) {
      // The last line of a process that was killed.
    }
  }

  /** Writes the first line. */
  void write() {
    ObjectNode json =
        Rest.JSON
            .createObjectNode()
            .put("target", begun.target())
            .put("sha256", begun.sha256())
            .put("size", begun.size())
            .put("part_size", begun.partSize())
            .put("upload_id", begun.id());
    ArrayNode parts = json.putArray("parts");
    begun.places().forEach(place -> parts.add(place.json()));
    append(json);
  }

  /** The server has a part, under this tag. */
  void took(int number, String tag) {
    tags.put(number, tag);
    append(Rest.JSON.createObjectNode().put("part", number).put("etag", tag));
  }

  // A full disk here is no reason to keep an artifact from its server.
  private void append(ObjectNode line) {
    try {
      // Begun, not ended, by a line break: the line before may be torn.
      Files.writeString(note, "\n" + line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException unwritable) {
      LOG.debug("an upload that breaks off begins again: {}", unwritable.toString());
    }
  }

  Begun begun() {
    return begun;
  }

  /** Whether the server has any part of it. */
  boolean hasParts() {
    return !tags.isEmpty();
  }

  /** Numbers of the parts that the server does not have, from 1 on. */
  List<Integer> missing() {
    List<Integer> missing = new ArrayList<>();
    for (int number = 1; number <= begun.places().size(); number++) {
      if (!tags.containsKey(number)) {
        missing.add(number);
      }
    }
    return missing;
  }

  /** The upload and the parts that the server has of it, as the call that ends it wants them. */
  ObjectNode parts() {
    ObjectNode upload = Rest.JSON.createObjectNode().put("upload_id", begun.id());
    ArrayNode parts = upload.putArray("parts");
    tags.forEach(
        (number, tag) ->
            parts
                .addObject()
                .put("part_number", number)
                .put("etag", tag)
                .put("url", begun.places().get(number - 1).url().toString()));
    return upload;
  }

  /** The upload is finished or of no use. */
  void delete() {
    try {
      Files.deleteIfExists(note);
    } catch (IOException undeletable) {
      LOG.debug("{} stays: {}", note, undeletable.toString());
    }
  }
}
