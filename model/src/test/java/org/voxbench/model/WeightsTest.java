package org.voxbench.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]},'a':{'dtype':'F32','shape':[1],'data_offsets':[8,12]}"
            + " | Duplicate field 'a'",
        "'a':{'dtype':'F32','shape':[3],'data_offsets':[0,12]},'b':{'dtype':'F32','shape':[2],'data_offsets':[4,12]}"
            + " | tensor b shares bytes with another",
        "'a':{'dtype':'F32','shape':[-3],'data_offsets':[0,12]} | a: impossible shape [-3]",
        "'a':{'dtype':'F32','shape':[99999999999],'data_offsets':[0,12]} | impossible shape",
        "'a':{'dtype':'F32','shape':[65536,65536,65536,65536],'data_offsets':[0,0]} | overflow",
        "'a':{'dtype':'F32','shape':[2],'data_offsets':[0,12]} | expected 8 bytes but found 12",
        "'a':{'dtype':'F32','shape':[3],'data_offsets':[12,0]} | impossible data offsets 12 to 0",
        "'a':{'dtype':'F32','shape':[1],'data_offsets':[9223372036854775800,9223372036854775804]}"
            + " | truncated",
        "'a':{'dtype':'F32','shape':[500000000],'data_offsets':[0,2000000000]} | truncated",
        "'a':{'dtype':'F16','shape':[6],'data_offsets':[0,12]} | expected dtype F32 or I64",
        "'a':7 | expected dtype F32 or I64"
      })
  void aHeaderThatCannotBeIsRefusedByTensor(String header, String message, @TempDir Path folder)
      throws IOException {
    byte[] text = ("{" + header.replace('\'', '"') + "}").getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes = ByteBuffer.allocate(8 + text.length + 12).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(text.length).put(text);
    Path file = Files.write(folder.resolve("w.safetensors"), bytes.array());
    assertThatThrownBy(() -> Weights.read(file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("w.safetensors")
        .hasMessageContaining(message);
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
