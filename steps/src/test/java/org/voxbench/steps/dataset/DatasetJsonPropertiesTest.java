package org.voxbench.steps.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.voxbench.steps.PermanentStepException;

/** Whatever stands in a dataset.json, it is read or refused with a message that names the file. */
class DatasetJsonPropertiesTest {

  private static final String SOUND =
      """
      {"name": "Tiny", "modality": {"0": "CT"}, "labels": {"0": "background", "1": "liver"},
       "training": [{"image": "./imagesTr/a.nii.gz", "label": "./labelsTr/a.nii.gz"}], "test": []}
      """;
  private static final List<String> PIECES =
      List.of("{", "}", "[", "]", ":", ",", "\"", "null", "-1", "1e999", "..", "/", "\\u0000", "0");

  @Property(tries = 300)
  void aDamagedDatasetJsonIsReadOrRefusedByName(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 8) int damages) throws IOException {
    Path folder = Files.createTempDirectory("dataset");
    try {
      for (String name : new String[] {"imagesTr", "labelsTr"}) {
        Files.createDirectories(folder.resolve(name));
        Files.write(folder.resolve(name).resolve("a.nii.gz"), new byte[0]);
      }
      StringBuilder json = new StringBuilder(SOUND);
      Random random = new Random(seed);
      for (int damage = 0; damage < damages; damage++) {
        int at = random.nextInt(json.length() - 4);
        json.replace(at, at + random.nextInt(4), PIECES.get(random.nextInt(PIECES.size())));
      }
      Files.writeString(folder.resolve("dataset.json"), json, StandardCharsets.UTF_8);
      try {
        assertThat(RawDataset.open(folder).training()).isNotEmpty();
      } catch (PermanentStepException e) {
        assertThat(e).hasMessageContaining(folder.toString());
      }
    } finally {
      for (String name :
          List.of(
              "imagesTr/a.nii.gz",
              "labelsTr/a.nii.gz",
              "imagesTr",
              "labelsTr",
              "dataset.json",
              "")) {
        Files.deleteIfExists(folder.resolve(name));
      }
    }
  }
}
