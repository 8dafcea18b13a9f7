package org.voxbench.steps.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Compares with {@code augmentation.json}: values computed with scipy by the formulas of the
 * published code's libraries.
 */
class PublishedAugmentationTest {

  private static JsonNode golden = JsonNodeFactory.instance.missingNode();

  @BeforeAll
  static void read() throws IOException {
    try (InputStream in =
        PublishedAugmentationTest.class.getResourceAsStream("augmentation.json")) {
      golden = JsonMapper.builder().build().readTree(Objects.requireNonNull(in));
    }
  }

  @Test
  void turnedAndScaledPatchesAreThePublishedOnes() {
    for (JsonNode expected : golden.path("spatial")) {
      boolean inPlane = expected.path("inPlane").asBoolean();
      Patch source = source(inPlane ? 5 : 11, 13, 12);
      Patch target = new Patch(1, new int[] {5, 7, 6});
      double[] angles = new double[3];
      for (int axis = 0; axis < 3; axis++) {
        angles[axis] = expected.path("angles").path(axis).asDouble();
      }

      new SpatialTransform(angles, expected.path("scale").asDouble(), inPlane)
          .apply(source, target);

      assertSame(target, expected);
      for (int i = 0; i < target.label.length; i++) {
        assertThat((int) target.label[i]).isEqualTo(expected.path("label").path(i).asInt());
      }
    }
  }

  @Test
  void blurredPatchesAreThePublishedOnes() {
    Patch patch = source(6, 7, 8);

    Intensity.blur(patch, 0, golden.path("blur").path("sigma").asDouble());

    assertSame(patch, golden.path("blur"));
  }

  @Test
  void coarsePatchesAreThePublishedOnes() {
    for (JsonNode expected : golden.path("lowResolution")) {
      Patch patch = source(9, 10, 11);

      LowResolution.apply(
          patch, 0, expected.path("zoom").asDouble(), expected.path("keepFirst").asBoolean());

      assertSame(patch, expected);
    }
  }

  @Test
  void gammaAndContrastAreThePublishedOnes() {
    for (JsonNode expected : golden.path("gamma")) {
      Patch patch = source(6, 7, 8);
      Intensity.gamma(
          patch, 0, expected.path("gamma").asDouble(), expected.path("inverted").asBoolean());
      assertSame(patch, expected);
    }
    Patch patch = source(6, 7, 8);
    Intensity.contrast(patch, 0, golden.path("contrast").path("factor").asDouble());
    assertSame(patch, golden.path("contrast"));
  }

  private static void assertSame(Patch patch, JsonNode expected) {
    assertThat(expected.path("image")).hasSize(patch.image.length);
    for (int i = 0; i < patch.image.length; i++) {
      assertThat(patch.image[i])
          .as("voxel %d", i)
          .isCloseTo((float) expected.path("image").path(i).asDouble(), within(2e-5f));
    }
  }

  /** The image and labels the values were computed from. */
  private static Patch source(int... shape) {
    Patch patch = new Patch(1, shape);
    for (int i = 0; i < patch.voxels; i++) {
      patch.image[i] = (float) (Math.sin(0.37 * i) + 0.1 * (i * 7 % 5));
      int z = i / (shape[1] * shape[2]);
      int y = i / shape[2] % shape[1];
      patch.label[i] = (byte) ((z / 3 + y / 4 + i % shape[2] / 3) % 3);
    }
    return patch;
  }
}
