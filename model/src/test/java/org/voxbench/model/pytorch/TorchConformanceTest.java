package org.voxbench.model.pytorch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.voxbench.model.UnetrPlusPlusConfig;
import org.voxbench.model.Weights;

/**
 * What PyTorch itself makes of the exported files. Name a Python that has torch in {@code
 * VOXBENCH_TORCH_PYTHON}; with a checkout of the published code in {@code VOXBENCH_UNETR_PP} the
 * weights go through the published class too.
 */
@Tag("conformance")
@Timeout(600)
final class TorchConformanceTest {

  private static final int SEED = 11;

  @TempDir private Path folder = Path.of("");

  @Test
  void pyTorchReadsAndRunsWhatIsExported() throws Exception {
    JsonNode checks = checks(WeightFilesTest.network(), List.of());
    agrees(checks, WeightFilesTest.network());
  }

  @Test
  void thePublishedClassTakesTheWeightsAndGivesTheSameLogits() throws Exception {
    String checkout = System.getenv().getOrDefault("VOXBENCH_UNETR_PP", "");
    assumeTrue(
        !checkout.isEmpty(),
        "skipped: set VOXBENCH_UNETR_PP to a checkout of the published UNETR++ code");
    String variant = System.getenv().getOrDefault("VOXBENCH_UNETR_PP_VARIANT", "synapse");
    int channels = variant.equals("tumor") ? 4 : 1;
    UnetrPlusPlusConfig network = UnetrPlusPlusConfig.variant(variant, channels, 4);

    JsonNode checks = checks(network, List.of(checkout, variant));

    agrees(checks, network);
    assertThat(checks.path("published").asDouble(1)).isLessThan(1e-5);
  }

  private static void agrees(JsonNode checks, UnetrPlusPlusConfig network) {
    assertThat(checks.path("same_bits").asBoolean()).as("same bits").isTrue();
    assertThat(checks.path("order").asBoolean()).as("order of names").isTrue();
    assertThat(checks.path("state_dict_names").asBoolean()).as("names in the program").isTrue();
    assertThat(checks.path("again").asBoolean()).as("same result again").isTrue();
    assertThat(checks.path("type").asText()).isEqualTo("torch.float32");
    assertThat(checks.path("bfloat16").asDouble(1)).isLessThan(0.03);
    assertThat(checks.path("meta").asText()).contains("[1, " + network.classes());
  }

  private JsonNode checks(UnetrPlusPlusConfig network, List<String> more) throws IOException {
    String python = System.getenv().getOrDefault("VOXBENCH_TORCH_PYTHON", "");
    assumeTrue(!python.isEmpty(), "skipped: set VOXBENCH_TORCH_PYTHON to a Python with torch");
    Weights weights = TestWeights.lively(network, SEED);
    weights.write(folder.resolve("model.safetensors"));
    WeightFiles.writeStateDict(weights, folder.resolve("model.pt"));
    WeightFiles.writeTorchScript(weights, network, folder.resolve("model.torchscript"));
    float[] image = TestWeights.image(network);
    ByteBuffer bytes = ByteBuffer.allocate(image.length * 4).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(image);
    Files.write(folder.resolve("image.f32"), bytes.array());
    List<Integer> shape = new ArrayList<>(List.of(1, network.inChannels()));
    shape.addAll(network.patch());
    Files.writeString(folder.resolve("image.json"), shape.toString());
    Path script = folder.resolve("torch_conformance.py");
    try (InputStream source = getClass().getResourceAsStream("torch_conformance.py")) {
      Files.copy(Objects.requireNonNull(source), script);
    }
    List<String> command = new ArrayList<>(List.of(python, script.toString(), folder.toString()));
    command.addAll(more);
    return run(command);
  }

  private static JsonNode run(List<String> command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (InputStream out = process.getInputStream()) {
      String text = new String(out.readAllBytes(), StandardCharsets.UTF_8);
      String last = text.strip().substring(text.strip().lastIndexOf('\n') + 1);
      assertThat(last).as(text).startsWith("{");
      return new ObjectMapper().readTree(last);
    } finally {
      process.destroy();
    }
  }
}
