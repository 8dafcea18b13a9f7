package org.voxbench.steps.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.voxbench.model.UnetrPlusPlusConfig;
import org.voxbench.model.Weights;
import org.voxbench.steps.PermanentStepException;
import org.voxbench.steps.StepResult;
import org.voxbench.steps.checkpoint.NetworkDescription;
import org.voxbench.steps.checkpoint.PublishCheckpoint;
import org.voxbench.steps.dataset.PreparedDataset;
import org.voxbench.steps.dataset.SplitConfig;

/** The step with the real network, small and untrained, from published weights to scores. */
final class EvaluateNetworkTest {

  private static final Path NATIVES =
      Path.of(System.getProperty("java.io.tmpdir"), "voxbench-test-natives");

  @Test
  void publishedWeightsGiveTheSameFilesEachTime(@TempDir Path home) throws IOException {
    EvaluatedBoxes boxes = new EvaluatedBoxes(home);
    publish(home, config(3));
    StepResult first = evaluate(boxes, home.resolve("first"));
    evaluate(boxes, home.resolve("second"));
    assertThat(first.metrics())
        .containsKeys("dice.mean", "hd95.mean")
        .containsEntry("cases.failed", 1.0);
    for (String file : List.of("scores.json", "predictions/good.nii.gz")) {
      assertThat(home.resolve("first").resolve(file))
          .hasSameBinaryContentAs(home.resolve("second").resolve(file));
    }
  }

  @Test
  void weightsOfAnotherNetworkAndAMissingDescriptionAreRefused(@TempDir Path home)
      throws IOException {
    EvaluatedBoxes boxes = new EvaluatedBoxes(home);
    assertThatThrownBy(() -> evaluate(boxes, home.resolve("out")))
        .isInstanceOf(PermanentStepException.class)
        .hasMessageContaining("expected the description of the network");
    publish(home, config(3));
    Weights.initial(config(4), 1).write(home.resolve(PublishCheckpoint.MODEL));
    assertThatThrownBy(() -> evaluate(boxes, home.resolve("out")))
        .hasMessageContaining("the weights do not fit the network");
  }

  private static UnetrPlusPlusConfig config(int classes) {
    return UnetrPlusPlusConfig.variant("nano", 1, classes)
        .withPatch(List.of(16, 32, 32))
        .withWidths(List.of(8, 16, 32, 64))
        .withFeatureSize(4);
  }

  private static void publish(Path folder, UnetrPlusPlusConfig config) throws IOException {
    Weights.initial(config, 7).write(folder.resolve(PublishCheckpoint.MODEL));
    new NetworkDescription(
            config,
            List.of("CT"),
            new TreeMap<>(SmallDataset.LABELS),
            PreparedDataset.open(folder.resolve("preprocess")).plan())
        .write(folder);
  }

  private static StepResult evaluate(EvaluatedBoxes boxes, Path output) throws IOException {
    Evaluate.Request request =
        new Evaluate.Request(
            SmallDataset.LABELS,
            List.of(),
            Map.of(),
            new SplitConfig.Same(),
            null,
            new EvaluateConfig(0.5, true, 2, "float32"));
    return new Evaluate(NATIVES)
        .run(request, boxes.contextForReport(Files.createDirectories(output)));
  }
}
