package org.voxbench.steps.download;

import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.voxbench.steps.AtomicFiles;

/**
 * The published raw layout while it is being filled (recipe section 4.1). Image and label of a case
 * get the same base name, as the published scripts need it.
 */
final class RawFolder {

  private static final ObjectWriter JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build().writer();

  private final Path root;
  private final List<Map<String, String>> training = new ArrayList<>();
  private final List<String> test = new ArrayList<>();

  private RawFolder(Path root) {
    this.root = root;
  }

  /**
   * Makes the folders.
   *
   * @param dataset such as {@code DATASET_Phantom}
   * @param task such as {@code Task90_Phantom}
   */
  static RawFolder in(Path output, String dataset, String task) throws IOException {
    Path root =
        output.resolve(dataset).resolve("unetr_pp_raw").resolve("unetr_pp_raw_data").resolve(task);
    for (String part : List.of("imagesTr", "labelsTr", "imagesTs", "labelsTs")) {
      Files.createDirectories(root.resolve(part));
    }
    return new RawFolder(root);
  }

  Path root() {
    return root;
  }

  /** Notes a training case whose files were put at the named places below the root. */
  void training(String image, String label) {
    Map<String, String> entry = new LinkedHashMap<>();
    entry.put("image", "./" + image);
    entry.put("label", "./" + label);
    training.add(entry);
  }

  /** Notes a test case. */
  void test(String image) {
    test.add("./" + image);
  }

  /** Writes {@code dataset.json}; the dataset is complete then. */
  Path finish(String name, String description, List<String> modalities, Map<Integer, String> labels)
      throws IOException {
    Map<Integer, String> allLabels = new TreeMap<>(labels);
    allLabels.put(0, "background");
    Map<Integer, String> channels = new TreeMap<>();
    modalities.forEach(modality -> channels.put(channels.size(), modality));
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", name);
    json.put("description", description);
    json.put("tensorImageSize", modalities.size() > 1 ? "4D" : "3D");
    json.put("modality", channels);
    json.put("labels", allLabels);
    json.put("numTraining", training.size());
    json.put("numTest", test.size());
    json.put("training", training);
    json.put("test", test);
    Path file = root.resolve("dataset.json");
    AtomicFiles.write(file, JSON.writeValueAsBytes(json));
    return file;
  }
}
