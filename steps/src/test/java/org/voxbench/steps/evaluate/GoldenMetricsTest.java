package org.voxbench.steps.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Dice and surface distances of real labels against medpy 0.5. */
final class GoldenMetricsTest {

  private static GoldenLabels labels;
  private static JsonNode classes;

  @BeforeAll
  static void read() throws IOException {
    labels = GoldenLabels.read();
    classes =
        new ObjectMapper()
            .readTree(GoldenMetricsTest.class.getResourceAsStream("/golden/metrics.json"))
            .get("classes");
  }

  @Test
  void diceAndVoxelCountsAreMedpys() {
    Confusion confusion =
        new Confusion(labels.truth(), labels.prediction(), labels.lattice(3, 3, 3));
    for (JsonNode expected : classes) {
      Structure structure = structure(expected);
      long truth = confusion.truthVoxels(structure);
      long prediction = confusion.predictionVoxels(structure);
      assertThat(truth).isEqualTo(expected.get("voxels_truth").asLong());
      assertThat(prediction).isEqualTo(expected.get("voxels_pred").asLong());
      if (expected.has("dice")) {
        assertThat(Dice.of(truth, prediction, confusion.sharedVoxels(structure)))
            .isEqualTo(expected.get("dice").asDouble());
      }
    }
  }

  @Test
  void surfaceDistancesInMillimetresAreMedpys() {
    for (JsonNode expected : classes) {
      if (expected.has("hd_mm")) {
        HausdorffDistance distance = measure(expected, labels.lattice(3, 3, 3));
        assertThat(distance.maximum()).isCloseTo(expected.get("hd_mm").asDouble(), within(1e-9));
        assertThat(distance.percentile95())
            .isCloseTo(expected.get("hd95_mm").asDouble(), within(1e-9));
        assertThat(distance.mean()).isCloseTo(expected.get("assd_mm").asDouble(), within(1e-9));
      }
    }
  }

  @Test
  void hd95InVoxelsAndWithAnisotropicSpacingIsMedpys() {
    for (JsonNode expected : classes) {
      if (expected.has("hd_mm")) {
        assertThat(measure(expected, labels.lattice(3, 3, 3).inVoxels()).percentile95())
            .isCloseTo(expected.get("hd95_voxels").asDouble(), within(1e-9));
        assertThat(measure(expected, labels.lattice(1, 1, 5)).percentile95())
            .isCloseTo(expected.get("hd95_mm_spacing_1_1_5").asDouble(), within(1e-9));
      }
    }
  }

  private static HausdorffDistance measure(JsonNode expected, Lattice lattice) {
    Confusion confusion = new Confusion(labels.truth(), labels.prediction(), lattice);
    Structure structure = structure(expected);
    return HausdorffDistance.between(
        confusion.truthSurface(structure), confusion.predictionSurface(structure), lattice);
  }

  private static Structure structure(JsonNode expected) {
    int label = expected.get("label").asInt();
    return new Structure("" + label, "class " + label, Set.of(label), true);
  }
}
