package org.voxbench.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The whole published prediction of a volume: network, window positions, weights, mirroring. */
final class PublishedWindowTest {

  private static final int[] SHAPE = {72, 140, 136};
  private static final int VOXELS = 72 * 140 * 136;

  @Test
  void aVolumeIsPredictedAsByThePublishedCode() throws IOException {
    compare("plain", false);
  }

  @Test
  @Tag("slow")
  void aMirroredVolumeIsPredictedAsByThePublishedCode() throws IOException {
    Assumptions.assumeTrue(
        Boolean.getBoolean("voxbench.slow"),
        "64 passes through the full network take minutes; run with -Dvoxbench.slow=true");
    compare("mirrored", true);
  }

  private static void compare(String name, boolean mirror) throws IOException {
    JsonNode expected =
        new ObjectMapper()
            .readTree(PublishedWindowTest.class.getResourceAsStream("golden/synapse.window.json"))
            .at("/results/" + name);
    UnetrPlusPlusConfig config = UnetrPlusPlusConfig.variant("synapse", 1, 14);
    float[] found = new float[14 * VOXELS];
    int plane = SHAPE[1] * SHAPE[2];
    try (Predictor predictor =
        Predictor.open(config, Golden.weights(config), Precision.FLOAT32, TestNetworks.CPU)) {
      new SlidingWindow(predictor, new SlidingWindow.Settings(0.5, mirror, 1))
          .predict(
              Golden.unit("volume", VOXELS),
              SHAPE,
              (z, slice) -> {
                for (int label = 0; label < 14; label++) {
                  System.arraycopy(slice, label * plane, found, label * VOXELS + z * plane, plane);
                }
              },
              (done, total) -> assertThat(total).isEqualTo(8),
              () -> false);
    }
    JsonNode values = expected.at("/softmax/values");
    int stride = expected.at("/softmax/stride").asInt();
    for (int i = 0; i < values.size(); i++) {
      assertThat((double) found[i * stride]).isCloseTo(values.get(i).asDouble(), within(1e-3));
    }
    checkLabels(found, expected.get("argmax_counts"));
  }

  private static void checkLabels(float[] found, JsonNode expected) {
    int[] counts = new int[14];
    for (int voxel = 0; voxel < VOXELS; voxel++) {
      int best = 0;
      for (int label = 1; label < 14; label++) {
        best = found[label * VOXELS + voxel] > found[best * VOXELS + voxel] ? label : best;
      }
      counts[best]++;
    }
    for (int label = 0; label < 14; label++) {
      assertThat((double) counts[label])
          .isCloseTo(expected.path("" + label).asDouble(0), within(VOXELS * 1e-5));
    }
  }
}
