package org.voxbench.model.pytorch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.voxbench.model.Compute;
import org.voxbench.model.Precision;
import org.voxbench.model.Predictor;
import org.voxbench.model.UnetrPlusPlusConfig;
import org.voxbench.model.Weights;

/** The exported program in libtorch itself; what Python makes of it is in the conformance test. */
final class TorchScriptTest {

  private static final Compute CPU =
      new Compute(Compute.Device.CPU, 1, Path.of("target", "engine-cache"));

  @TempDir private Path folder = Path.of("");

  @Test
  void theProgramAloneGivesTheLogitsOfOurOwnPrediction() throws IOException {
    UnetrPlusPlusConfig network = WeightFilesTest.network();
    Weights weights = TestWeights.lively(network, 2);
    float[] image = TestWeights.image(network);
    Path file = folder.resolve("network.ts");
    WeightFiles.writeTorchScript(weights, network, file);
    try (Predictor predictor = Predictor.open(network, weights, Precision.FLOAT32, CPU)) {
      float[] ours = predictor.probabilities(image, 1, false);
      float[] theirs = probabilities(file, network, image);
      assertThat(theirs).hasSameSizeAs(ours);
      for (int i = 0; i < ours.length; i++) {
        assertThat(Math.abs(theirs[i] - ours[i])).isLessThan(1e-4f);
      }
    }
  }

  @Test
  void weightsOfAnotherNetworkAreNotExported() {
    Weights weights = Weights.initial(WeightFilesTest.network(), 1);
    Path file = folder.resolve("network.ts");
    UnetrPlusPlusConfig other = UnetrPlusPlusConfig.variant("nano", 1, 3);
    assertThatThrownBy(() -> WeightFiles.writeTorchScript(weights, other, file))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("downsample_layers.0.0.conv.weight");
    assertThat(file).doesNotExist();
  }

  private static float[] probabilities(Path file, UnetrPlusPlusConfig network, float[] image)
      throws IOException {
    List<Integer> patch = network.patch();
    try (PtNDManager manager = (PtNDManager) NDManager.newBaseManager("PyTorch");
        InputStream in = Files.newInputStream(file);
        PtSymbolBlock program = JniUtils.loadModule(manager, in, false, false)) {
      Shape shape = new Shape(1, network.inChannels(), patch.get(0), patch.get(1), patch.get(2));
      try (IValue argument = IValue.from((PtNDArray) manager.create(image, shape));
          IValue result = IValueUtils.runMethod(program, "forward", argument)) {
        NDArray logits = result.toTensor(manager);
        return logits.softmax(1).toFloatArray();
      }
    }
  }
}
