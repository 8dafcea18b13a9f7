package org.voxbench.steps.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.voxbench.model.UnetrPlusPlusConfig;
import org.voxbench.steps.AtomicFiles;
import org.voxbench.steps.PermanentStepException;
import org.voxbench.steps.dataset.PreparationPlan;

/**
 * What {@code network.json} says about published weights: all that is needed to prepare a scan, run
 * the network and name its classes.
 *
 * @param network the network with every setting resolved
 * @param modalities names of the image channels, in order
 * @param labels names of the foreground classes by number
 * @param plan how the images it was trained on were prepared
 */
public record NetworkDescription(
    UnetrPlusPlusConfig network,
    List<String> modalities,
    SortedMap<Integer, String> labels,
    PreparationPlan plan) {

  /** The file's name in the outputs of train and checkpoint. */
  public static final String FILE = "network.json";

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  public NetworkDescription {
    modalities = List.copyOf(modalities);
    labels = new TreeMap<>(labels);
  }

  /** Writes {@value #FILE} into a folder. */
  public void write(Path folder) throws IOException {
    AtomicFiles.write(folder.resolve(FILE), JSON.writeValueAsBytes(this));
  }

  /**
   * Reads {@value #FILE} of a folder.
   *
   * @throws PermanentStepException when it is missing or broken
   */
  public static NetworkDescription read(Path folder) throws IOException {
    Path file = folder.resolve(FILE);
    if (!Files.isRegularFile(file)) {
      throw new PermanentStepException(
          file + ": expected the description of the network but there is none; run train again");
    }
    try {
      return JSON.readValue(file.toFile(), NetworkDescription.class);
    } catch (JsonProcessingException e) {
      throw new PermanentStepException(
          "%s: expected the description of a network but found: %s; run train again"
              .formatted(file, e.getOriginalMessage()),
          e);
    }
  }
}
