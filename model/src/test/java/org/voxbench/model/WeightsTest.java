package org.voxbench.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WeightsTest {

  private static final UnetrPlusPlusConfig CONFIG = TestNetworks.tiny();

  @Test
  void aRoundTripThroughAFileIsBitExact(@TempDir Path folder) throws IOException {
    Weights weights = Weights.initial(CONFIG, 3);
    Path file = folder.resolve("w.safetensors");
    weights.write(file);
    Weights back = Weights.read(file);
    assertThat(back.tensors()).isEqualTo(weights.tensors());
    assertThat(List.copyOf(back.tensors().keySet()))
        .isEqualTo(List.copyOf(weights.tensors().keySet()));
    assertThat(back.network()).contains(CONFIG);
  }

  @Test
  void aTruncatedFileIsRefusedByName(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("w.safetensors");
    Weights.initial(CONFIG, 3).write(file);
    byte[] all = Files.readAllBytes(file);
    for (int length : new int[] {0, 7, 100, all.length - 1}) {
      Files.write(file, Arrays.copyOf(all, length));
      assertThatThrownBy(() -> Weights.read(file))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("w.safetensors")
          .hasMessageContaining("truncated");
    }
  }

  @Test
  void aFileOfAnotherKindIsRefused(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("notes.txt");
    Files.writeString(file, "these are not weights at all, only some text");
    assertThatThrownBy(() -> Weights.read(file)).hasMessageContaining("not a safetensors file");
  }

  @Test
  void weightsOfAnotherVariantNameTheFirstDifferences() {
    Weights weights = Weights.initial(CONFIG, 3);
    UnetrPlusPlusConfig other = CONFIG.withWidths(List.of(16, 32, 64, 128));
    assertThat(weights.explainDifference(CONFIG)).isEmpty();
    assertThat(weights.explainDifference(other))
        .hasValueSatisfying(
            text ->
                assertThat(text)
                    .contains("downsample_layers.0.0.conv.weight: expected [16, 1, 1, 2, 2]")
                    .contains("found [8, 1, 1, 2, 2]")
                    .contains("more"));
    Map<String, Tensor> fewer = new LinkedHashMap<>(weights.tensors());
    fewer.remove("out1.conv.conv.bias");
    fewer.put("extra", Tensor.counter(1));
    assertThat(Weights.of(fewer).explainDifference(CONFIG))
        .contains("out1.conv.conv.bias [3] is missing; extra [] is not expected");
  }

  @Test
  void initialisationIsThePublishedOne() {
    Weights weights = Weights.initial(CONFIG, 3);
    String block = "unetr_pp_encoder.stages.1.0.";
    assertThat(weights.get(block + "gamma").floats()).containsOnly(1e-6f);
    assertThat(weights.get(block + "pos_embed").floats()).containsOnly(0);
    assertThat(weights.get(block + "epa_block.E.bias").floats()).containsOnly(0);
    float[] linear = weights.get(block + "epa_block.qkvv.weight").floats();
    assertThat(deviation(linear)).isCloseTo(0.02, within(0.001));
    float[] convolution = weights.get(block + "conv51.conv1.conv.weight").floats();
    double bound = 1 / Math.sqrt(16 * 27);
    assertThat(deviation(convolution)).isCloseTo(bound / Math.sqrt(3), within(0.05 * bound));
    for (float value : convolution) {
      assertThat(Math.abs(value)).isLessThanOrEqualTo((float) bound);
    }
  }

  @Test
  void aSeedFixesEveryWeightAndAnotherSeedChangesThem() {
    assertThat(Weights.initial(CONFIG, 3).tensors())
        .isEqualTo(Weights.initial(CONFIG, 3).tensors());
    String name = "encoder1.conv1.conv.weight";
    assertThat(Weights.initial(CONFIG, 3).get(name).floats())
        .isNotEqualTo(Weights.initial(CONFIG, 4).get(name).floats());
  }

  private static double deviation(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += (double) value * value;
    }
    return Math.sqrt(sum / values.length);
  }
}
