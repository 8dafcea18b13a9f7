package org.voxbench.steps.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Against values that nnU-Net's own resampling gave for the real CT beside this test. */
class ResamplerTest {

  @TestFactory
  Stream<DynamicTest> theRealCtIsResampledAsNnUNetDoes() throws IOException {
    JsonNode golden = new ObjectMapper().readTree(RealCt.resource("resample.json").toFile());
    return Stream.of("iso_to_fine_inplane", "downsample", "anisotropic_declared")
        .map(name -> DynamicTest.dynamicTest(name, () -> compare(golden.get(name))));
  }

  private static void compare(JsonNode golden) throws IOException {
    Volume ct = RealCt.image();
    LabelVolume labels = RealCt.labels();
    Spacing original = spacing(golden.get("original_spacing"));
    Spacing target = spacing(golden.get("target_spacing"));
    GridShape from = ct.grid().shape();
    GridShape to = Resampler.shapeAt(from, original, target);
    int axis = Resampler.separateAxis(original, target);
    assertThat(axis >= 0).isEqualTo(golden.get("separate_z").asBoolean());

    float[] image = Resampler.image(ct.channel(0), from, to, axis, 2);
    compareImage(image, to, golden.get("data"));
    compareLabels(Resampler.labels(labels.voxels(), from, to, axis, 2), golden);
  }

  private static void compareImage(float[] image, GridShape shape, JsonNode golden) {
    assertThat(golden.get("shape"))
        .extracting(JsonNode::asInt)
        .containsExactly(1, shape.z(), shape.y(), shape.x());
    double range = golden.get("max").asDouble() - golden.get("min").asDouble();
    double mean = 0;
    float low = Float.MAX_VALUE;
    float high = -Float.MAX_VALUE;
    for (float value : image) {
      mean += value / image.length;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
    assertThat(mean).isCloseTo(golden.get("mean").asDouble(), within(1e-6 * range));
    assertThat(low).isEqualTo((float) golden.get("min").asDouble());
    assertThat(high).isEqualTo((float) golden.get("max").asDouble());
    int stride = golden.get("stride").asInt();
    JsonNode values = golden.get("values");
    for (int index = 0; index < values.size(); index++) {
      assertThat((double) image[index * stride])
          .as("voxel %d", index * stride)
          .isCloseTo(values.get(index).asDouble(), within(1e-6 * range));
    }
  }

  private static void compareLabels(byte[] labels, JsonNode golden) {
    Map<Integer, Long> counts = new TreeMap<>();
    for (byte label : labels) {
      counts.merge((int) label, 1L, Long::sum);
    }
    golden
        .get("seg_counts")
        .properties()
        .forEach(
            entry -> {
              long expected = entry.getValue().asLong();
              assertThat(counts.getOrDefault(Integer.valueOf(entry.getKey()), 0L))
                  .as("class %s", entry.getKey())
                  .isCloseTo(expected, withinPercentage(0.1));
              counts.remove(Integer.valueOf(entry.getKey()));
            });
    assertThat(counts).isEmpty();
    JsonNode values = golden.get("seg").get("values");
    for (int index = 0; index < values.size(); index++) {
      assertThat((int) labels[index * golden.get("seg").get("stride").asInt()])
          .isEqualTo(values.get(index).asInt());
    }
  }

  private static Spacing spacing(JsonNode zyx) {
    return new Spacing(zyx.get(0).asDouble(), zyx.get(1).asDouble(), zyx.get(2).asDouble());
  }
}
