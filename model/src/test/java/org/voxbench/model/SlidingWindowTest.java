package org.voxbench.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

final class SlidingWindowTest {

  private static final List<Integer> PATCH = List.of(4, 6, 8);

  /** A network whose answer depends on where in the window a voxel lies and on the mirror flag. */
  private record Fake(int inChannels, int classes) implements WindowNetwork {

    @Override
    public List<Integer> patch() {
      return PATCH;
    }

    @Override
    public float[] probabilities(float[] windows, int count, boolean mirror) {
      int voxels = 4 * 6 * 8;
      float[] found = new float[count * classes * voxels];
      for (int window = 0; window < count; window++) {
        for (int voxel = 0; voxel < voxels; voxel++) {
          float sum = mirror ? 0.25f : 0;
          for (int channel = 0; channel < inChannels; channel++) {
            sum += (channel + 1) * windows[(window * inChannels + channel) * voxels + voxel];
          }
          for (int label = 0; label < classes; label++) {
            found[(window * classes + label) * voxels + voxel] =
                (float) (0.5 + 0.5 * Math.sin(sum * (label + 1) + 0.37 * voxel));
          }
        }
      }
      return found;
    }
  }

  @Property(tries = 60)
  void equalsTheNaiveDefinition(
      @ForAll @IntRange(min = 1, max = 13) int sizeZ,
      @ForAll @IntRange(min = 1, max = 15) int sizeY,
      @ForAll @IntRange(min = 1, max = 21) int sizeX,
      @ForAll @IntRange(min = 0, max = 8) int tenthsOfOverlap,
      @ForAll @IntRange(min = 1, max = 5) int batch,
      @ForAll boolean mirror) {
    int[] shape = {sizeZ, sizeY, sizeX};
    Fake network = new Fake(2, 3);
    float[] image = noise(2 * sizeZ * sizeY * sizeX);
    double overlap = tenthsOfOverlap / 10.0;
    float[] found =
        predict(network, image, shape, new SlidingWindow.Settings(overlap, mirror, batch));
    double[] expected = naive(network, image, shape, 1 - overlap, mirror);
    for (int i = 0; i < expected.length; i++) {
      assertThat((double) found[i]).isCloseTo(expected[i], within(2e-6));
    }
  }

  @Example
  void labelsAreTheMostProbableClasses() {
    int[] shape = {9, 7, 11};
    Fake network = new Fake(1, 4);
    float[] image = noise(9 * 7 * 11);
    SlidingWindow.Settings settings = new SlidingWindow.Settings(0.5, false, 2);
    float[] probabilities = predict(network, image, shape, settings);
    byte[] labels =
        new SlidingWindow(network, settings).labels(image, shape, (done, total) -> {}, () -> false);
    for (int voxel = 0; voxel < labels.length; voxel++) {
      for (int label = 0; label < 4; label++) {
        assertThat(probabilities[label * labels.length + voxel])
            .isLessThanOrEqualTo(probabilities[labels[voxel] * labels.length + voxel]);
      }
    }
  }

  @Example
  void publishedWindowPositionsAreThoseOfTheRecipe() {
    WindowGrid synapse = new WindowGrid(new int[] {148, 512, 512}, new int[] {64, 128, 128}, 0.5);
    assertThat(synapse.starts(0)).containsExactly(0, 28, 56, 84);
    assertThat(synapse.starts(1)).containsExactly(0, 64, 128, 192, 256, 320, 384);
    assertThat(synapse.starts(0).length * synapse.perLayer()).isEqualTo(196);
    WindowGrid lung = new WindowGrid(new int[] {252, 512, 512}, new int[] {32, 192, 192}, 0.5);
    assertThat(lung.starts(0).length * lung.perLayer()).isEqualTo(375);
  }

  @Example
  void slicesComeInOrderAndProgressCountsEveryWindow() {
    List<Integer> slices = new ArrayList<>();
    List<Long> done = new ArrayList<>();
    new SlidingWindow(new Fake(1, 2), new SlidingWindow.Settings(0.5, false, 3))
        .predict(
            noise(11 * 9 * 17),
            new int[] {11, 9, 17},
            (z, probabilities) -> slices.add(z),
            (now, total) -> {
              done.add(now);
              assertThat(total).isEqualTo(5 * 2 * 4);
            },
            () -> false);
    assertThat(slices).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
    assertThat(done).isSorted().endsWith(40L);
  }

  /** Of ten classes by 2000 slices, 96 MB, only a ring of four slices and one window are held. */
  @Example
  void memoryIsBoundedByTheWindowNotByTheVolume() {
    float[] answer = new float[10 * 4 * 6 * 8];
    Arrays.fill(answer, 0.1f);
    WindowNetwork constant =
        new WindowNetwork() {
          @Override
          public List<Integer> patch() {
            return PATCH;
          }

          @Override
          public int inChannels() {
            return 1;
          }

          @Override
          public int classes() {
            return 10;
          }

          @Override
          public float[] probabilities(float[] windows, int count, boolean mirror) {
            return answer;
          }
        };
    SlidingWindow window = new SlidingWindow(constant, new SlidingWindow.Settings(0, false, 1));
    float[] image = new float[2000 * 30 * 40];
    var thread = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = thread.getCurrentThreadAllocatedBytes();
    byte[] labels =
        window.labels(image, new int[] {2000, 30, 40}, (done, total) -> {}, () -> false);
    long allocated = thread.getCurrentThreadAllocatedBytes() - before;
    long inputs = 12_500L * (4 * 6 * 8 * 4 + 64);
    assertThat(allocated).isLessThan(labels.length + inputs + 4_000_000);
  }

  @Example
  void aStopIsHonouredBetweenBatches() {
    int[] asked = {0};
    SlidingWindow window =
        new SlidingWindow(new Fake(1, 2), new SlidingWindow.Settings(0.5, false, 1));
    assertThatThrownBy(
            () ->
                window.predict(
                    noise(500),
                    new int[] {5, 10, 10},
                    (z, p) -> {},
                    (d, t) -> {},
                    () -> asked[0]++ == 2))
        .isInstanceOf(CancellationException.class)
        .hasMessageContaining("stopped after 2 of");
  }

  @Example
  void anEmptyAxisAWrongLengthAndANanAreRefusedByName() {
    SlidingWindow window = new SlidingWindow(new Fake(2, 2), SlidingWindow.Settings.published());
    assertThatThrownBy(
            () -> window.labels(new float[0], new int[] {4, 0, 4}, (d, t) -> {}, () -> false))
        .hasMessageContaining("at least one voxel along z, y and x")
        .hasMessageContaining("[4, 0, 4]");
    assertThatThrownBy(
            () -> window.labels(new float[9], new int[] {2, 2, 2}, (d, t) -> {}, () -> false))
        .hasMessageContaining("2 channels of [2, 2, 2], 16 numbers, but found 9");
    float[] image = new float[2 * 24];
    image[24 + 17] = Float.NaN;
    assertThatThrownBy(() -> window.labels(image, new int[] {2, 3, 4}, (d, t) -> {}, () -> false))
        .hasMessageContaining("found NaN in channel 1 at (z 1, y 1, x 1)");
  }

  private static float[] noise(int length) {
    SplittableRandom random = new SplittableRandom(length);
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) random.nextDouble(-1, 1);
    }
    return values;
  }

  private static float[] predict(
      Fake network, float[] image, int[] shape, SlidingWindow.Settings settings) {
    int plane = shape[1] * shape[2];
    float[] found = new float[network.classes() * shape[0] * plane];
    new SlidingWindow(network, settings)
        .predict(
            image,
            shape,
            (z, slice) -> {
              for (int label = 0; label < network.classes(); label++) {
                System.arraycopy(
                    slice, label * plane, found, (label * shape[0] + z) * plane, plane);
              }
            },
            (done, total) -> {},
            () -> false);
    return found;
  }

  /** Pads, visits every window, keeps everything in double. */
  private static double[] naive(
      Fake network, float[] image, int[] shape, double step, boolean mirror) {
    int[] patch = {4, 6, 8};
    int[] padded = new int[3];
    int[] low = new int[3];
    int[][] starts = new int[3][];
    for (int axis = 0; axis < 3; axis++) {
      padded[axis] = Math.max(shape[axis], patch[axis]);
      low[axis] = (padded[axis] - shape[axis]) / 2;
      int range = padded[axis] - patch[axis];
      int count = (int) Math.ceil(range / (patch[axis] * step)) + 1;
      starts[axis] = new int[count];
      for (int i = 1; i < count; i++) {
        starts[axis][i] = (int) Math.rint((double) i * range / (count - 1));
      }
    }
    boolean single = starts[0].length * starts[1].length * starts[2].length == 1;
    int volume = padded[0] * padded[1] * padded[2];
    double[] sums = new double[network.classes() * volume];
    double[] weights = new double[volume];
    for (int z0 : starts[0]) {
      for (int y0 : starts[1]) {
        for (int x0 : starts[2]) {
          float[] window = new float[network.inChannels() * 192];
          for (int i = 0; i < window.length; i++) {
            int[] at = {z0 + i % 192 / 48 - low[0], y0 + i % 48 / 8 - low[1], x0 + i % 8 - low[2]};
            if (at[0] >= 0
                && at[0] < shape[0]
                && at[1] >= 0
                && at[1] < shape[1]
                && at[2] >= 0
                && at[2] < shape[2]) {
              window[i] =
                  image[((i / 192 * shape[0] + at[0]) * shape[1] + at[1]) * shape[2] + at[2]];
            }
          }
          float[] answer = network.probabilities(window, 1, mirror);
          for (int i = 0; i < answer.length; i++) {
            double dz = (i % 192 / 48 - 2) / 0.5;
            double dy = (i % 48 / 8 - 3) / 0.75;
            double dx = i % 8 - 4;
            double weight = single ? 1 : Math.exp(-0.5 * (dz * dz + dy * dy + dx * dx));
            int at = ((z0 + i % 192 / 48) * padded[1] + y0 + i % 48 / 8) * padded[2] + x0 + i % 8;
            sums[i / 192 * volume + at] += weight * answer[i];
            if (i < 192) {
              weights[at] += weight;
            }
          }
        }
      }
    }
    double[] result = new double[network.classes() * shape[0] * shape[1] * shape[2]];
    for (int i = 0; i < result.length; i++) {
      int voxel = i % (shape[0] * shape[1] * shape[2]);
      int at =
          ((voxel / (shape[1] * shape[2]) + low[0]) * padded[1]
                      + voxel / shape[2] % shape[1]
                      + low[1])
                  * padded[2]
              + voxel % shape[2]
              + low[2];
      result[i] = sums[i / (shape[0] * shape[1] * shape[2]) * volume + at] / weights[at];
    }
    return Arrays.copyOf(result, result.length);
  }
}
