package org.voxbench.workflows.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.voxbench.workflows.config.ConfigFolder.SMALL;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.voxbench.steps.StepName;

/** What only a step's record knows gets a line too. Line 8 is the first after SMALL. */
class RequestCheckTest {

  record TrainRequest(long seed, JsonNode split, String patient, JsonNode train) {

    TrainRequest {
      int epochs = train.path("epochs").asInt();
      if (epochs == 13) {
        throw new IllegalArgumentException("train.epochs: expected a lucky number but was 13");
      }
      if (epochs == 14) {
        throw new IllegalArgumentException("fourteen is bad\nluck");
      }
      int z = train.at("/network/patch/0").asInt();
      if (z % 8 != 0) {
        throw new IllegalArgumentException(
            "train.network.patch: axis z has %d voxels, expected a multiple of 8".formatted(z));
      }
    }
  }

  record Narrow(JsonNode split, String patient) {}

  private ConfigFolder folder = new ConfigFolder(Path.of(""));

  @BeforeEach
  void useAFreshFolder(@TempDir Path fresh) {
    folder = new ConfigFolder(fresh, Map.of(StepName.TRAIN, TrainRequest.class));
  }

  @Test
  void aLegalRequestPasses() {
    assertThat(folder.complaintsAbout(SMALL)).isEmpty();
  }

  @Test
  void aRecordsComplaintGetsTheLineOfItsSetting() {
    assertThat(folder.complaintsAbout(SMALL + "train:\n  epochs: 13\n"))
        .containsExactly("e.yaml:9:11: train.epochs: expected a lucky number but found 13");
    assertThat(folder.complaintsAbout(SMALL + "train:\n  network: {patch: [12, 64, 64]}\n"))
        .containsExactly(
            "e.yaml:9:20: train.network.patch: expected a legal setting but found axis z has 12"
                + " voxels, expected a multiple of 8");
    assertThat(folder.complaintsAbout(SMALL + "train:\n  epochs: 14\n"))
        .containsExactly("e.yaml:1:1: expected a legal setting but found fourteen is bad luck");
  }

  @Test
  void aSettingThatTheRecordDoesNotKnowIsNoSilentLoss(@TempDir Path fresh) {
    assertThat(new ConfigFolder(fresh, Map.of(StepName.TRAIN, Narrow.class)).complaintsAbout(SMALL))
        .singleElement()
        .asString()
        .startsWith("e.yaml:1:1: seed: expected a legal setting but found Unrecognized field");
  }
}
