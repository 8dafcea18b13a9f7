package org.voxbench.workflows.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The files under {@code configs} are what users start from. */
class ShippedFilesTest {

  private static final Path CONFIGS = Path.of("..", "configs");

  private final ExperimentFile reader = new ExperimentFile(SchemaAgreementTest.REQUESTS);

  @Test
  void everyShippedExperimentIsValid() throws IOException {
    for (Path file : yaml("experiments")) {
      Experiment experiment = reader.read(file, List.of());
      assertThat(experiment.name() + ".yaml").isEqualTo(String.valueOf(file.getFileName()));
    }
  }

  @Test
  void everyShippedDatasetMakesAnExperimentByItself() throws IOException {
    for (Path file : yaml("datasets")) {
      Experiment experiment =
          reader.read(
              CONFIGS.resolve("experiments/quickstart.yaml"),
              List.of("dataset={base: " + file + "}"));
      assertThat(experiment.dataset() + ".yaml").isEqualTo(String.valueOf(file.getFileName()));
    }
  }

  @Test
  void everyShippedDatasetTellsWhatItIsAndHasALegalPlan() throws IOException {
    List<String> names = new ArrayList<>();
    for (Path file : yaml("datasets")) {
      JsonNode dataset = reader.readDataset(file, List.of()).tree().path("dataset");
      names.add(dataset.path("name").asText());
      for (String key : List.of("modalities", "labels", "published", "split")) {
        assertThat(dataset.path(key)).as(file + " " + key).isNotEmpty();
      }
      assertThat(dataset.path("patient").asText()).as(file + " patient").isNotEmpty();
      for (String key : List.of("spacing", "normalization", "network", "batch")) {
        assertThat(dataset.path("plan").has(key)).as(file + " plan." + key).isTrue();
      }
      for (String key : List.of("title", "homepage", "licence", "citation", "layout")) {
        assertThat(dataset.path("card").path(key).asText()).as(file + " card." + key).isNotEmpty();
      }
      for (String side : List.of("training", "validation")) {
        assertThat(dataset.path("split").path(side))
            .as(file + " " + side)
            .hasSize(dataset.at("/card/cases/" + side).asInt());
      }
      assertThat(dataset.path("source").path("instructions").asText()).contains("Fetch");
    }
    assertThat(names).containsExactly("acdc", "brats", "btcv", "lung", "synapse");
  }

  @Test
  void everyPublishedSplitKeepsAPatientsScansOnOneSide() throws IOException {
    for (Path file : yaml("datasets")) {
      JsonNode dataset = reader.readDataset(file, List.of()).tree().path("dataset");
      Pattern pattern = Pattern.compile(dataset.path("patient").asText());
      Set<String> learnt = patients(dataset.at("/split/training"), pattern);
      Set<String> heldOut = patients(dataset.at("/split/validation"), pattern);
      assertThat(learnt).as(file.toString()).doesNotContainAnyElementsOf(heldOut);
      if (dataset.path("name").asText().equals("acdc")) {
        assertThat(learnt).as("two frames each").hasSize(80);
        assertThat(heldOut).hasSize(20);
      }
    }
  }

  private static Set<String> patients(JsonNode ids, Pattern pattern) {
    Set<String> patients = new TreeSet<>();
    for (JsonNode id : ids) {
      Matcher matcher = pattern.matcher(id.asText());
      assertThat(matcher.find()).as(id.asText()).isTrue();
      patients.add(matcher.group(1));
    }
    return patients;
  }

  @Test
  void theRegionsOfTheBrainAreWhatThePublishedMeanIsOver() throws IOException {
    JsonNode brats =
        reader
            .readDataset(CONFIGS.resolve("datasets/brats.yaml"), List.of())
            .tree()
            .path("dataset");
    assertThat(brats.path("published").toString()).isEqualTo("[\"WT\",\"TC\",\"ET\"]");
    assertThat(brats.path("regions").toString())
        .contains("\"WT\":[1,2,3]", "\"TC\":[2,3]", "\"ET\":[3]");
  }

  @Test
  void everyBenchmarkHasAnExperimentOnPhantoms() throws IOException {
    for (String name : List.of("acdc", "brats", "btcv", "lung", "synapse")) {
      Path file = CONFIGS.resolve("experiments/phantom-" + name + ".yaml");
      assertThat(reader.read(file, List.of()).tree().at("/dataset/source/kind").asText())
          .isEqualTo("phantom");
    }
  }

  @Test
  void everyShippedFileNamesItsSchemaForEditors() throws IOException {
    for (String folder : List.of("experiments", "datasets")) {
      for (Path file : yaml(folder)) {
        String schema = folder.replaceAll("s$", "") + ".schema.json";
        assertThat(Files.readAllLines(file).get(0))
            .isEqualTo("# yaml-language-server: $schema=../schema/" + schema);
        assertThat(CONFIGS.resolve("schema").resolve(schema)).exists();
      }
    }
  }

  private static List<Path> yaml(String folder) throws IOException {
    try (Stream<Path> files = Files.list(CONFIGS.resolve(folder))) {
      return files
          .filter(f -> f.toString().endsWith(".yaml"))
          .sorted()
          .collect(Collectors.toList());
    }
  }
}
