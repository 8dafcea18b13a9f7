package org.voxbench.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

final class PredictorTest {

  private static final UnetrPlusPlusConfig CONFIG = TestNetworks.tiny();
  private static final Weights WEIGHTS = Golden.weights(CONFIG);

  @Test
  void foldedWeightsPredictWhatTrainingValidates() {
    Batch batch = TestNetworks.batch(CONFIG, 2, 0);
    TrainingOptions options = TrainingOptions.published(Precision.FLOAT32);
    try (Training training = Training.from(CONFIG, options, TestNetworks.CPU, 1, WEIGHTS);
        Predictor predictor = open(Precision.FLOAT32)) {
      float[] p = predictor.probabilities(batch.images(), 2, false);
      long[] hits = new long[CONFIG.classes()];
      for (int voxel = 0; voxel < batch.labels().length; voxel++) {
        int label = batch.labels()[voxel];
        if (argmax(p, voxel) == label) {
          hits[label]++;
        }
      }
      long[] expected = training.validate(batch).truePositives();
      for (int label = 0; label < hits.length; label++) {
        // Folding rounds once more: a voxel whose two best classes tie may fall either way.
        assertThat(hits[label]).isCloseTo(expected[label], within(batch.labels().length / 1000L));
      }
    }
  }

  @Test
  void probabilitiesAddUpToOneAndMirroringAveragesThem() {
    float[] window = TestNetworks.batch(CONFIG, 1, 0).images();
    try (Predictor predictor = open(Precision.FLOAT32)) {
      float[] plain = predictor.probabilities(window, 1, false).clone();
      float[] mirrored = predictor.probabilities(window, 1, true).clone();
      int voxels = CONFIG.patchVoxels();
      for (int voxel = 0; voxel < voxels; voxel += 97) {
        float sum = plain[voxel] + plain[voxel + voxels] + plain[voxel + 2 * voxels];
        assertThat(sum).isCloseTo(1, within(1e-5f));
      }
      double[] naive = naiveMirroring(predictor, window);
      for (int i = 0; i < naive.length; i += 61) {
        assertThat((double) mirrored[i]).isCloseTo(naive[i], within(1e-5));
      }
    }
  }

  @Test
  void theNextCallOverwritesTheArrayOfTheOneBefore() {
    float[] first = TestNetworks.batch(CONFIG, 1, 0).images();
    float[] second = TestNetworks.batch(CONFIG, 1, 1).images();
    try (Predictor predictor = open(Precision.FLOAT32)) {
      float[] found = predictor.probabilities(first, 1, false);
      float[] kept = found.clone();
      assertThat(predictor.probabilities(second, 1, false)).isSameAs(found).isNotEqualTo(kept);
      assertThat(predictor.probabilities(first, 1, false)).isEqualTo(kept);
    }
  }

  @Test
  void wrongSizesForeignWeightsAndNotANumberAreRefused() {
    try (Predictor predictor = open(Precision.FLOAT32)) {
      assertThatThrownBy(() -> predictor.probabilities(new float[7], 1, false))
          .hasMessageContaining("16384 values but found 7");
      float[] window = new float[CONFIG.patchVoxels()];
      window[33] = Float.POSITIVE_INFINITY;
      assertThatThrownBy(() -> predictor.probabilities(window, 1, false))
          .hasMessageContaining("Infinity in sample 0, channel 0, at (z 0, y 1, x 1)");
    }
    UnetrPlusPlusConfig other = CONFIG.withWidths(List.of(16, 32, 64, 128));
    assertThatThrownBy(() -> Predictor.open(other, WEIGHTS, Precision.FLOAT32, TestNetworks.CPU))
        .hasMessageContaining("do not fit")
        .hasMessageContaining("downsample_layers.0.0.conv.weight");
  }

  private static double[] naiveMirroring(Predictor predictor, float[] window) {
    double[] sum = new double[CONFIG.classes() * CONFIG.patchVoxels()];
    for (int axes = 0; axes < 8; axes++) {
      float[] view = flip(window, axes, 1);
      float[] back = flip(predictor.probabilities(view, 1, false), axes, CONFIG.classes());
      for (int i = 0; i < sum.length; i++) {
        sum[i] += back[i] / 8;
      }
    }
    return sum;
  }

  private static float[] flip(float[] values, int axes, int channels) {
    int depth = CONFIG.patch().get(0);
    int height = CONFIG.patch().get(1);
    int width = CONFIG.patch().get(2);
    float[] flipped = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      int x = i % width;
      int y = i / width % height;
      int z = i / width / height % depth;
      int channel = i / CONFIG.patchVoxels();
      int fz = (axes & 1) == 0 ? z : depth - 1 - z;
      int fy = (axes & 2) == 0 ? y : height - 1 - y;
      int fx = (axes & 4) == 0 ? x : width - 1 - x;
      flipped[((channel * depth + fz) * height + fy) * width + fx] = values[i];
    }
    assertThat(channels).isEqualTo(values.length / CONFIG.patchVoxels());
    return flipped;
  }

  private static int argmax(float[] probabilities, int voxel) {
    int voxels = CONFIG.patchVoxels();
    int sample = voxel / voxels;
    int start = sample * CONFIG.classes() * voxels + voxel % voxels;
    int best = 0;
    for (int label = 1; label < CONFIG.classes(); label++) {
      if (probabilities[start + label * voxels] > probabilities[start + best * voxels]) {
        best = label;
      }
    }
    return best;
  }

  private static Predictor open(Precision precision) {
    return Predictor.open(CONFIG, WEIGHTS, precision, TestNetworks.CPU);
  }
}
