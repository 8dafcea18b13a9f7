package org.voxbench.steps.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
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

  @Test
  void theSeparateAxisMayBeAnyOfTheThree() {
    GridShape from = new GridShape(5, 6, 7);
    GridShape to = new GridShape(10, 9, 4);
    float[] image = random(from);
    byte[] labels = new byte[image.length];
    for (int index = 0; index < labels.length; index++) {
      labels[index] = (byte) (image[index] * 3);
    }
    float[] expected = Resampler.image(image.clone(), from, to, 0, 1);
    byte[] expectedLabels = Resampler.labels(labels, from, to, 0, 1);

    GridShape turnedFrom = new GridShape(7, 5, 6);
    GridShape turnedTo = new GridShape(4, 10, 9);
    float[] turned = Resampler.image(turn(image, from), turnedFrom, turnedTo, 1, 2);
    GridShape againFrom = new GridShape(6, 7, 5);
    GridShape againTo = new GridShape(9, 4, 10);
    float[] again = Resampler.image(turn(turn(image, from), turnedFrom), againFrom, againTo, 2, 2);

    assertThat(turned).containsExactly(turn(expected, to), within(1e-5f));
    assertThat(again).containsExactly(turn(turn(expected, to), turnedTo), within(1e-5f));
    float[] labelsAsFloats = floats(labels);
    byte[] turnedLabels =
        Resampler.labels(bytes(turn(labelsAsFloats, from)), turnedFrom, turnedTo, 1, 2);
    assertThat(floats(turnedLabels)).containsExactly(turn(floats(expectedLabels), to));
  }

  @Test
  void theNumberOfThreadsDoesNotChangeAByte() {
    GridShape from = new GridShape(9, 8, 7);
    GridShape to = new GridShape(13, 5, 21);
    float[] image = random(from);

    assertThat(Resampler.image(image.clone(), from, to, -1, 4))
        .containsExactly(Resampler.image(image.clone(), from, to, -1, 1));
  }

  @Test
  void aConstantImageStaysConstant() {
    GridShape from = new GridShape(1, 8, 7);
    float[] image = new float[56];
    Arrays.fill(image, 7.5f);

    assertThat(Resampler.image(image, from, new GridShape(3, 20, 3), -1, 1)).containsOnly(7.5f);
  }

  @Test
  void theSeparateAxisIsTheCoarsestOfTheOriginalElseOfTheTarget() {
    Spacing even = new Spacing(1, 1, 1);
    assertThat(Resampler.separateAxis(new Spacing(5, 1, 1), even)).isZero();
    assertThat(Resampler.separateAxis(new Spacing(1, 1, 4), even)).isEqualTo(2);
    assertThat(Resampler.separateAxis(even, new Spacing(1, 3.1, 1))).isEqualTo(1);
    assertThat(Resampler.separateAxis(new Spacing(3, 1, 1), even)).as("not above").isEqualTo(-1);
    assertThat(Resampler.separateAxis(new Spacing(5, 5, 1), even)).as("shared").isEqualTo(-1);
  }

  @Test
  void shapesAreRoundedHalfToEven() {
    GridShape shape = new GridShape(5, 7, 1);
    assertThat(Resampler.shapeAt(shape, new Spacing(1, 1, 1), new Spacing(2, 2, 9)))
        .isEqualTo(new GridShape(2, 4, 1));
  }

  private static float[] random(GridShape shape) {
    Random random = new Random(3);
    float[] voxels = new float[shape.arrayLength()];
    for (int index = 0; index < voxels.length; index++) {
      voxels[index] = random.nextFloat();
    }
    return voxels;
  }

  /** (z, y, x) becomes (x, z, y). */
  private static float[] turn(float[] voxels, GridShape shape) {
    float[] turned = new float[voxels.length];
    for (int index = 0; index < voxels.length; index++) {
      int row = index / shape.x();
      turned[index % shape.x() * shape.z() * shape.y() + row] = voxels[index];
    }
    return turned;
  }

  private static float[] floats(byte[] bytes) {
    float[] floats = new float[bytes.length];
    for (int index = 0; index < bytes.length; index++) {
      floats[index] = bytes[index];
    }
    return floats;
  }

  private static byte[] bytes(float[] floats) {
    byte[] bytes = new byte[floats.length];
    for (int index = 0; index < floats.length; index++) {
      bytes[index] = (byte) floats[index];
    }
    return bytes;
  }
}
