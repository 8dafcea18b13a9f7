package org.voxbench.workflows.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
