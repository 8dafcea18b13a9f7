package org.voxbench.steps.dataset;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.voxbench.steps.AtomicFiles;

/**
 * The labelled cases of a raw dataset that were found unfit to be prepared. They are learnt from by
 * nobody, but a split still knows them, and one that was to be validated counts as failed.
 *
 * @param cases why, by id: one sentence each with its repair
 */
public record Quarantine(SortedMap<String, List<String>> cases) {

  private static final String FILE = "quarantine.json";
  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  public Quarantine {
    cases = Collections.unmodifiableSortedMap(new TreeMap<>(cases));
  }

  /** Reads what the preprocess step wrote beside the prepared cases, without looking at those. */
  public static Quarantine read(Path folder) throws IOException {
    Path file = folder.resolve(FILE);
    return Files.exists(file)
        ? new Quarantine(JSON.readValue(file.toFile(), new TypeReference<>() {}))
        : new Quarantine(new TreeMap<>());
  }

  /** Writes the file into a prepared dataset that is not published yet. */
  public void write(Path folder) throws IOException {
    AtomicFiles.write(folder.resolve(FILE), JSON.writeValueAsBytes(cases));
  }

  /** All of these and those in quarantine, in order: what a split has to know. */
  public List<String> with(Collection<String> ids) {
    TreeSet<String> all = new TreeSet<>(ids);
    all.addAll(cases.keySet());
    return List.copyOf(all);
  }

  /** Those of these ids that are not in quarantine. */
  public List<String> without(Collection<String> ids) {
    List<String> sound = new ArrayList<>(ids);
    sound.removeAll(cases.keySet());
    return sound;
  }
}
