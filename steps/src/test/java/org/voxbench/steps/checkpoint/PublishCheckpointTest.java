package org.voxbench.steps.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.voxbench.model.Tensor;
import org.voxbench.model.UnetrPlusPlusConfig;
import org.voxbench.model.Weights;
import org.voxbench.steps.PermanentStepException;
import org.voxbench.steps.Resources;
import org.voxbench.steps.RunListener;
import org.voxbench.steps.StepContext;
import org.voxbench.steps.StepName;
import org.voxbench.steps.StepResult;
import org.voxbench.steps.dataset.Normalization;
import org.voxbench.steps.dataset.PreparationPlan;
import org.voxbench.steps.volume.GridShape;
import org.voxbench.steps.volume.Spacing;

class PublishCheckpointTest {

  private static final UnetrPlusPlusConfig NETWORK =
      UnetrPlusPlusConfig.variant("nano", 1, 3)
          .withPatch(List.of(16, 32, 32))
          .withWidths(List.of(4, 8, 16, 32));

  private final List<String> told = new ArrayList<>();
  private final Path trained;
  private final Path published;
  private final CheckpointStore store;

  PublishCheckpointTest(@TempDir Path trained, @TempDir Path published) throws IOException {
    this.trained = trained;
    this.published = published;
    store = new CheckpointStore(trained.resolve("checkpoints"), told::add);
    description(NETWORK).write(trained);
  }

  @Test
  void theBestWeightsArePublishedWithTheirDescription() throws IOException {
    store(1, 0.9);
    store(2, 0.4);

    StepResult result = publish("{}");

    assertThat(result.artifacts()).containsExactly("model.safetensors", "network.json");
    assertThat(result.metrics())
        .containsEntry("checkpoint.epoch", 1.0)
        .containsEntry("checkpoint.validationAverage", 0.9);
    assertPublished(1);
    assertThat(NetworkDescription.read(published)).isEqualTo(description(NETWORK));
    assertThat(Weights.read(published.resolve("model.safetensors")).explainDifference(NETWORK))
        .isEmpty();
  }

  @Test
  void theLastWeightsArePublishedWhenAskedFor() throws IOException {
    store(1, 0.9);
    store(2, 0.4);

    publish("{\"publish\": \"last\"}");

    assertPublished(2);
  }

  @Test
  void withoutValidationTheLastWeightsArePublishedAndThatIsSaid() throws IOException {
    store(1, Double.NaN);
    store(2, Double.NaN);

    publish("{\"publish\": \"best\"}");

    assertPublished(2);
    assertThat(told).contains("no checkpoint was validated, so the last one is published");
  }

  @Test
  void aDamagedCheckpointIsNotPublished() throws IOException {
    store(1, 0.9);
    Files.write(store.folder(state(1, 0.9)).resolve(CheckpointStore.TENSORS), new byte[] {1, 2, 3});

    assertThatThrownBy(() -> publish("{}"))
        .isInstanceOf(PermanentStepException.class)
        .hasMessageContaining("checkpoint iteration-000000010 is damaged: training.safetensors has")
        .hasMessageContaining("run train again");
    assertThat(published.resolve("model.safetensors")).doesNotExist();
  }

  @Test
  void weightsOfAnotherNetworkAreNotPublished() throws IOException {
    store(1, 0.9);
    description(NETWORK.withWidths(List.of(8, 16, 32, 64))).write(trained);

    assertThatThrownBy(() -> publish("{}"))
        .isInstanceOf(PermanentStepException.class)
        .hasMessageContaining("training.safetensors does not fit network.json");
  }

  @Test
  void aTrainingWithoutCheckpointsOrDescriptionIsNamed() throws IOException {
    assertThatThrownBy(() -> publish("{}")).hasMessageContaining("expected a checkpoint");

    Files.delete(trained.resolve("network.json"));
    assertThatThrownBy(() -> publish("{}"))
        .isInstanceOf(PermanentStepException.class)
        .hasMessageContaining("network.json: expected the description of the network");

    Files.writeString(trained.resolve("network.json"), "{\"network\": 1}");
    assertThatThrownBy(() -> publish("{}")).hasMessageContaining("run train again");
  }

  private StepResult publish(String section) throws IOException {
    RunListener listener =
        new RunListener() {
          @Override
          public void metric(String key, double value, long step) {}

          @Override
          public void progress(String task, long done, long total) {}

          @Override
          public void note(String sentence) {
            told.add(sentence);
          }
        };
    return new PublishCheckpoint()
        .run(
            new PublishCheckpoint.Request(
                JsonMapper.builder().build().readValue(section, PublishCheckpoint.Section.class)),
            new StepContext(
                Map.of(StepName.TRAIN, trained),
                published,
                Optional.empty(),
                listener,
                () -> false,
                new Resources(1, 1L << 30, "cpu")));
  }

  private void store(int epoch, double dice) throws IOException {
    store.write(
        state(epoch, dice),
        folder -> {
          Map<String, Tensor> tensors = new LinkedHashMap<>(initial(epoch).tensors());
          tensors.put("optimizer.0.out1.conv.conv.bias", initial(9).get("out1.conv.conv.bias"));
          Weights.of(tensors).write(folder.resolve(CheckpointStore.TENSORS));
        });
  }

  private static Weights initial(int epoch) {
    return Weights.initial(NETWORK, epoch);
  }

  private void assertPublished(int epoch) throws IOException {
    Path expected = published.resolve("expected.safetensors");
    initial(epoch).write(expected);
    assertThat(published.resolve("model.safetensors")).hasSameBinaryContentAs(expected);
  }

  private static Checkpoint state(int epoch, double dice) {
    return new Checkpoint(epoch, epoch * 10L, true, 0, 1, 0, dice);
  }

  private static NetworkDescription description(UnetrPlusPlusConfig network) {
    Normalization ct = new Normalization("CT", Normalization.Scheme.CT, false, 80, 140, -900, 300);
    return new NetworkDescription(
        network,
        List.of("CT"),
        new TreeMap<>(Map.of(1, "liver", 2, "spleen")),
        new PreparationPlan(new Spacing(3, 1, 1), new GridShape(20, 36, 40), List.of(ct)));
  }
}
