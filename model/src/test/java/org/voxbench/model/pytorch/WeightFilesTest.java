package org.voxbench.model.pytorch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.voxbench.model.Tensor;
import org.voxbench.model.UnetrPlusPlusConfig;
import org.voxbench.model.Weights;

final class WeightFilesTest {

  @TempDir private Path folder = Path.of("");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "published.model",
        "published-legacy.model",
        "protocol4.model",
        "parallel.pt",
        "parameters.pt"
      })
  void everyFormGivesTheTensorsThatWereSaved(String name) throws IOException {
    Map<String, Tensor> found =
        WeightFiles.read(Checkpoints.copy(name, folder)).weights().tensors();

    JsonNode expected = new ObjectMapper().readTree(Checkpoints.bytes("expected.json"));
    List<String> names = new ArrayList<>();
    expected.fieldNames().forEachRemaining(names::add);
    assertThat(List.copyOf(found.keySet())).isEqualTo(names);
    found.forEach(
        (key, tensor) -> {
          JsonNode values = expected.path(key).path("values");
          assertThat(tensor.shape()).hasSameSizeAs(expected.path(key).path("shape"));
          assertThat(tensor.elements()).as(key).isEqualTo(values.size());
          for (int i = 0; i < values.size(); i++) {
            double value =
                tensor.kind() == Tensor.Kind.INT64
                    ? tensor.bytes().getLong(8 * i)
                    : tensor.bytes().getFloat(4 * i);
            assertThat(value).as(key).isEqualTo(values.get(i).asDouble());
          }
        });
  }

  @Test
  void theTrainersEpochAndTheFormAreTold() throws IOException {
    WeightFile zip = WeightFiles.read(Checkpoints.copy("published.model", folder));
    assertThat(zip.epoch()).isEqualTo(1000);
    assertThat(zip.form()).contains("zip");
    assertThat(zip.conversion()).isEmpty();
    WeightFile legacy = WeightFiles.read(Checkpoints.copy("published-legacy.model", folder));
    assertThat(legacy.epoch()).isEqualTo(1000);
    assertThat(legacy.form()).contains("legacy");
    assertThat(WeightFiles.read(Checkpoints.copy("parallel.pt", folder)).epoch()).isEqualTo(-1);
  }

  @Test
  void sharedLayersStayOneTensor() throws IOException {
    Weights weights = WeightFiles.read(Checkpoints.copy("published.model", folder)).weights();
    assertThat(weights.get("second.weight")).isSameAs(weights.get("first.weight"));
  }

  @Test
  void everyNumberTypeAndViewIsReadExactly() throws IOException {
    WeightFile file = WeightFiles.read(Checkpoints.copy("types.pt", folder));
    Weights weights = file.weights();
    assertThat(file.conversion())
        .contains("float64 to float32", "float16 to float32", "bfloat16 to float32");
    assertThat(weights.get("double").floats()).containsExactly(0.1f, -2f);
    float tiny = 1 * 0x1p-24f;
    assertThat(weights.get("half").floats())
        .containsExactly(0x1.998p-4f, -2f, tiny, 65504f, Float.POSITIVE_INFINITY);
    assertThat(weights.get("brain").floats()).containsExactly(0x1.9ap-4f, -2f);
    assertThat(weights.get("turned").shape()).containsExactly(4, 2, 3);
    assertThat(weights.get("turned").floats()).startsWith(0, 4, 8, 12, 16, 20, 1, 5);
    assertThat(weights.get("window").floats()).containsExactly(18, 19, 22, 23);
    assertThat(weights.get("repeated").floats())
        .containsExactly(1.5f, 1.5f, 1.5f, 1.5f, 1.5f, 1.5f);
    assertThat(weights.get("counter").bytes().getLong()).isEqualTo(7);
    assertThat(weights.get("empty").shape()).containsExactly(0, 3);
  }

  @Test
  void anExportedStateDictComesBackBitForBit() throws IOException {
    Weights weights = Weights.initial(network(), 5);
    Path file = folder.resolve("w.pt");
    WeightFiles.writeStateDict(weights, file);

    Weights back = WeightFiles.read(file).weights();

    assertThat(back.tensors()).isEqualTo(weights.tensors());
    assertThat(List.copyOf(back.tensors().keySet()))
        .isEqualTo(List.copyOf(weights.tensors().keySet()));
    assertThat(back.explainDifference(network())).isEmpty();
    String shared = "unetr_pp_encoder.stages.0.0.epa_block.";
    assertThat(back.get(shared + "F.weight")).isSameAs(back.get(shared + "E.weight"));
  }

  @Test
  void theSameWeightsGiveTheSameBytesAndNothingElseIsLeftInTheFolder() throws IOException {
    Weights weights = Weights.initial(network(), 5);
    WeightFiles.writeStateDict(weights, folder.resolve("a.pt"));
    WeightFiles.writeStateDict(weights, folder.resolve("b.pt"));
    assertThat(folder.resolve("a.pt")).hasSameBinaryContentAs(folder.resolve("b.pt"));
    assertThat(folder).isDirectoryNotContaining("glob:**.writing");
  }

  @Test
  void layersThatTheNetworkSharesAreStoredOnceEvenAfterAFormatThatCannotSayIt() throws IOException {
    Weights weights = Weights.initial(network(), 5);
    Path safe = folder.resolve("w.safetensors");
    weights.write(safe);
    WeightFiles.writeStateDict(weights, folder.resolve("a.pt"));
    WeightFiles.writeStateDict(Weights.read(safe).describedBy(network()), folder.resolve("b.pt"));
    assertThat(folder.resolve("b.pt")).hasSameBinaryContentAs(folder.resolve("a.pt"));
  }

  @Test
  void safetensorsAreKnownByTheirContent() throws IOException {
    Weights weights = Weights.initial(network(), 5);
    Path file = folder.resolve("w.bin");
    weights.write(file);
    assertThat(WeightFiles.read(file).form()).isEqualTo("safetensors");
    assertThat(WeightFiles.read(file).weights().tensors()).isEqualTo(weights.tensors());
  }

  @Test
  void twoValuesForOneSharedLayerAreADifference() {
    Map<String, Tensor> tensors = new LinkedHashMap<>(Weights.initial(network(), 5).tensors());
    String layer = "unetr_pp_encoder.stages.0.0.epa_block.";
    tensors.put(layer + "F.bias", Tensor.of(List.of(64), new float[64]));
    assertThat(Weights.of(tensors).explainDifference(network())).isEmpty();
    float[] other = new float[64];
    other[3] = 1;
    tensors.put(layer + "F.bias", Tensor.of(List.of(64), other));
    assertThat(Weights.of(tensors).explainDifference(network()))
        .hasValueSatisfying(
            text ->
                assertThat(text)
                    .contains(layer + "F.bias")
                    .contains("other values than " + layer + "E.bias"));
  }

  @Test
  void aStateDictIsNotExportedOverAFileThatIsThereUntilItIsWhole() throws IOException {
    Path file = Files.writeString(folder.resolve("w.pt"), "old");
    WeightFiles.writeStateDict(Weights.initial(network(), 5), file);
    assertThat(WeightFiles.read(file).weights().explainDifference(network())).isEmpty();
  }

  static UnetrPlusPlusConfig network() {
    return UnetrPlusPlusConfig.variant("nano", 1, 3)
        .withStem(List.of(1, 2, 2))
        .withPatch(List.of(16, 32, 32))
        .withWidths(List.of(8, 16, 32, 64))
        .withFeatureSize(4);
  }
}
