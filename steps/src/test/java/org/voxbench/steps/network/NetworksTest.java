package org.voxbench.steps.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.voxbench.model.UnetrPlusPlusConfig;
import org.voxbench.model.Weights;
import org.voxbench.model.pytorch.WeightFiles;

final class NetworksTest {

  private static final UnetrPlusPlusConfig SMALL =
      UnetrPlusPlusConfig.variant("nano", 2, 3)
          .withPatch(List.of(16, 32, 32))
          .withWidths(List.of(4, 8, 16, 32));

  @TempDir private Path folder = Path.of("");

  @ParameterizedTest
  @CsvSource({
    "synapse, 42952850, 47.94, 14",
    "btcv,    42952850, 47.94, 14",
    "acdc,    66796404, 43.71, 4",
    "lung,   121174798, 125.84, 2",
    "tumor,   42647604, 73.60, 4"
  })
  void thePublishedNetworksAreDescribedWithTheirPublishedFigures(
      String variant, long parameters, double gigaflops, int classes) throws IOException {
    Description description = Networks.describe(variant);
    assertThat(description.parameters()).isEqualTo(parameters);
    assertThat(description.flops() / 1e9 / gigaflops).isBetween(0.995, 1.005);
    assertThat(description.output()).startsWith(classes);
    assertThat(description.layers()).hasSizeGreaterThan(30);
    assertThat(description.layers().stream().mapToLong(Description.Layer::parameters).sum())
        .isEqualTo(parameters);
  }

  @Test
  void aNetworkIsDescribedByTheWeightsThatCarryIt() throws IOException {
    Path file = weights();
    assertThat(Networks.describe(file.toString()).input()).containsExactly(2, 16, 32, 32);
    assertThatThrownBy(() -> Networks.describe("nosuch"))
        .hasMessageContaining("synapse, acdc, lung, tumor, nano")
        .hasMessageContaining("nosuch");
  }

  @Test
  void weightsGoThroughEveryFormatAndComeBackBitForBit() throws IOException {
    Path source = weights();
    Path pt = folder.resolve("w.pt");
    Path back = folder.resolve("back.safetensors");
    Transfer done = Networks.transfer(source, null, Format.PT, pt, false);
    assertThat(done.size().parameters()).isPositive();
    Files.writeString(folder.resolve("network.json"), json());

    Networks.transfer(
        pt, folder.resolve("network.json").toString(), Format.SAFETENSORS, back, false);

    assertThat(back).hasSameBinaryContentAs(source);
    Path program = folder.resolve("w.ts");
    Networks.transfer(source, null, Format.TORCHSCRIPT, program, false);
    assertThat(Files.size(program)).isGreaterThan(Files.size(pt));
  }

  @Test
  void theNetworkOfBareWeightsIsFoundByTheirShapes() throws IOException {
    Path pt = folder.resolve("acdc.pt");
    UnetrPlusPlusConfig nano = UnetrPlusPlusConfig.variant("nano", 1, 5);
    WeightFiles.writeStateDict(Weights.initial(nano, 1), pt);
    Path out = folder.resolve("w.safetensors");
    assertThat(Networks.transfer(pt, null, Format.SAFETENSORS, out, false).network())
        .isEqualTo("nano (1 in, 5 classes, patch [32, 64, 64])");
    assertThat(Weights.read(out).network()).contains(nano);
  }

  @Test
  void weightsOfAnotherVariantAreRefusedWithDifferencesAndTheVariantThatFits() throws IOException {
    Path pt = folder.resolve("nano.pt");
    WeightFiles.writeStateDict(Weights.initial(UnetrPlusPlusConfig.variant("nano", 1, 4), 1), pt);
    Path out = folder.resolve("w.safetensors");
    assertThatThrownBy(() -> Networks.transfer(pt, "acdc", Format.SAFETENSORS, out, false))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(pt.toString())
        .hasMessageContaining("downsample_layers.0.0.conv.weight: expected [32, 1, 1, 4, 4]")
        .hasMessageContaining("found [16, 1, 2, 4, 4]")
        .hasMessageContaining("use --variant nano");
    assertThat(out).doesNotExist();
  }

  @Test
  void thePlansBesideACheckpointAreToldAndWhereTheyDepartFromTheNetwork() throws IOException {
    Path pt = folder.resolve("nano.model");
    WeightFiles.writeStateDict(Weights.initial(UnetrPlusPlusConfig.variant("nano", 1, 14), 1), pt);
    Path beside = folder.resolve("nano.model.pkl");
    try (InputStream plans = getClass().getResourceAsStream("synapse_plans.pkl")) {
      Files.copy(Objects.requireNonNull(plans), beside);
    }
    Path out = folder.resolve("w.safetensors");
    Transfer done = Networks.transfer(pt, null, Format.SAFETENSORS, out, false);
    assertThat(done.plans().lines())
        .startsWith(beside.toString())
        .anyMatch(line -> line.contains("spacing 3.0 x 0.7578124403953552 x"))
        .anyMatch(line -> line.contains("mean 82.95177"));
    assertThat(done.plans().warnings())
        .singleElement()
        .satisfies(
            warning ->
                assertThat(warning).contains("patch is 64 x 128 x 128").contains("32 x 64 x 64"));

    Files.writeString(beside, "no pickle");
    Transfer without = Networks.transfer(pt, null, Format.SAFETENSORS, out, true);
    assertThat(without.plans().lines()).isEmpty();
    assertThat(without.plans().warnings())
        .singleElement()
        .satisfies(warning -> assertThat(warning).contains("the plans are not read: " + beside));
  }

  @Test
  void nothingIsOverwrittenUnlessAskedFor() throws IOException {
    Path source = weights();
    Path out = Files.writeString(folder.resolve("precious.pt"), "precious");
    assertThatThrownBy(() -> Networks.transfer(source, null, Format.PT, out, false))
        .hasMessageContaining("exists already")
        .hasMessageContaining("--force");
    assertThat(out).hasContent("precious");
    Networks.transfer(source, null, Format.PT, out, true);
    assertThat(WeightFiles.read(out).form()).contains("zip");
    Path nowhere = folder.resolve("none/w.pt");
    assertThatThrownBy(() -> Networks.transfer(source, null, Format.PT, nowhere, false))
        .hasMessageContaining("expected an existing folder");
  }

  private Path weights() throws IOException {
    Path file = folder.resolve("model.safetensors");
    Weights.initial(SMALL, 1).describedBy(SMALL).write(file);
    return file;
  }

  private static String json() throws IOException {
    return new ObjectMapper().writeValueAsString(SMALL);
  }
}
