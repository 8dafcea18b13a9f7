import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.voxbench.model.Compute;
import org.voxbench.model.Precision;
import org.voxbench.model.Predictor;
import org.voxbench.model.UnetrPlusPlusConfig;
import org.voxbench.model.Weights;
import org.voxbench.steps.checkpoint.NetworkDescription;

/**
 * Predicts one patch, the sine of each voxel's index, and writes class probabilities as float32,
 * little-endian. Started from its source by ModelsInPythonTest: the module of that test may not
 * compile against the network.
 *
 * <p>Arguments: output of the checkpoint step, folder of native libraries, file to write.
 */
final class PredictPatch {

  private PredictPatch() {}

  public static void main(String[] args) throws IOException {
    Path checkpoint = Path.of(args[0]);
    UnetrPlusPlusConfig network = NetworkDescription.read(checkpoint).network();
    Weights weights = Weights.read(checkpoint.resolve("model.safetensors"));
    float[] patch = new float[network.inChannels() * network.patchVoxels()];
    for (int i = 0; i < patch.length; i++) {
      patch[i] = (float) Math.sin(i);
    }
    Compute cpu = Compute.cpu(Path.of(args[1]));
    try (Predictor predictor = Predictor.open(network, weights, Precision.FLOAT32, cpu)) {
      float[] found = predictor.probabilities(patch, 1, false);
      ByteBuffer bytes = ByteBuffer.allocate(4 * found.length).order(ByteOrder.LITTLE_ENDIAN);
      bytes.asFloatBuffer().put(found);
      Files.write(Path.of(args[2]), bytes.array());
    }
  }
}
