package org.voxbench.steps.dataset;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.voxbench.steps.AtomicFiles;

/**
 * What the user calls the files that were brought into the published layout, so that a message
 * about a scan names a file that the user can mend.
 *
 * @param names the file as it was found, relative to the dataset's folder there, by its path
 *     relative to {@code dataset.json}, with '/'
 */
public record Origins(SortedMap<String, String> names) {

  private static final String FILE = "origins.json";
  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  public Origins {
    names = Collections.unmodifiableSortedMap(new TreeMap<>(names));
  }

  /** Reads the origins beside a {@code dataset.json}; empty for data that lies where it lay. */
  public static Origins read(Path folder) throws IOException {
    Path file = folder.resolve(FILE);
    return Files.exists(file)
        ? new Origins(JSON.readValue(file.toFile(), new TypeReference<>() {}))
        : new Origins(new TreeMap<>());
  }

  /** Writes them beside a {@code dataset.json}. */
  public void write(Path folder) throws IOException {
    AtomicFiles.write(folder.resolve(FILE), JSON.writeValueAsBytes(names));
  }

  /**
   * A message about a case in the user's words.
   *
   * @param folder the one that holds {@code dataset.json}
   * @param message may hold paths below the folder
   */
  public String inUsersWords(Path folder, String message) {
    String words = message;
    for (Map.Entry<String, String> name : names.entrySet()) {
      String path = folder.resolve(name.getKey()).toString();
      words = words.replace(path, name.getValue());
    }
    return words;
  }
}
