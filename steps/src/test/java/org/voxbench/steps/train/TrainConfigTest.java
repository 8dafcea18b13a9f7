package org.voxbench.steps.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import org.junit.jupiter.api.Test;

class TrainConfigTest {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  @Test
  void anEmptySectionIsThePublishedRecipe() throws JsonProcessingException {
    TrainConfig config = read("{}");

    assertThat(config).isEqualTo(TrainConfig.defaults());
    assertThat(config.work()).isEqualTo(new TrainConfig.Work(1000, 250, 2, 0.33));
    assertThat(config.optimizer())
        .isEqualTo(new OptimizerChoice(OptimizerChoice.Kind.SGD, 0.01, 0.99, 3e-5));
    assertThat(config.schedule())
        .isEqualTo(new Schedule(Schedule.Kind.POLY, 0, Schedule.Per.EPOCH));
    assertThat(config.arithmetic().gradientClip()).isEqualTo(12);
  }

  @Test
  void anIllegalPatchOrStemIsRefusedWithTheNearestLegalPatch() {
    assertThatThrownBy(() -> read("{'network': {'variant': 'nano', 'patch': [30, 64, 100]}}"))
        .hasMessageContaining("train.network.patch: expected a patch of 8 strides of the stem")
        .hasMessageContaining("the nearest being [32, 64, 96], but found patch [30, 64, 100]")
        .hasMessageContaining("with stem [2, 4, 4]");
    assertThatThrownBy(() -> read("{'network': {'variant': 'acdc', 'stem': [4, 4, 4]}}"))
        .hasMessageContaining("train.network.stem: expected")
        .hasMessageContaining("the nearest being [32, 160, 160], but found patch [16, 160, 160]");
    assertThatThrownBy(() -> read("{'network': {'variant': 'nano', 'widths': [16, 24, 64, 128]}}"))
        .hasMessageContaining("train.network.widths: stage 1 has 24 channels");
  }

  @Test
  void aConfigurationIsReadBackFromTheJsonItIsWrittenTo() throws JsonProcessingException {
    TrainConfig config =
        read(
            "{'network': {'variant': 'nano', 'patch': [32, 64, 64]}, 'epochs': 6,"
                + " 'iterationsPerEpoch': 50, 'batch': 2, 'foreground': 0.5, 'precision': 'auto',"
                + " 'optimizer': {'kind': 'adamw', 'learningRate': 0.002},"
                + " 'schedule': {'kind': 'poly', 'warmup': 50}, 'keep': 3,"
                + " 'validation': {'batches': 5}, 'augmentation': 'light'}");

    assertThat(config.work()).isEqualTo(new TrainConfig.Work(6, 50, 2, 0.5));
    assertThat(config.optimizer())
        .isEqualTo(new OptimizerChoice(OptimizerChoice.Kind.ADAMW, 0.002, 0.9, 0.01));
    assertThat(config.keeping()).isEqualTo(new TrainConfig.Keeping(1, 3));
    assertThat(config.network().resolve(1, 6).patch()).isEqualTo(List.of(32, 64, 64));
    assertThat(JSON.readValue(JSON.writeValueAsString(config), TrainConfig.class))
        .isEqualTo(config);
  }

  @Test
  void anUnknownKeyIsRefused() {
    assertThatThrownBy(() -> read("{'epoch': 6}")).hasMessageContaining("train.epoch");
    assertThatThrownBy(() -> read("{'optimizer': {'kind': 'sgd', 'rate': 1}}"))
        .hasMessageContaining("rate");
    assertThatThrownBy(() -> read("{'optimizer': {'kind': 'adam'}}"))
        .hasMessageContaining("sgd, adamw");
  }

  @Test
  void whatIsOutOfRangeIsNamedWithItsRange() {
    assertRefused("{'epochs': -1}", "train.epochs: expected 0 to 100000 but was -1");
    assertRefused("{'epochs': 0}", "train.epochs: 0 takes weights as they are");
    assertRefused("{'batch': 0}", "train.batch: expected 1 to 256 but was 0");
    assertRefused("{'foreground': 1.5}", "train.foreground: expected 0 to 1 but was 1.5");
    assertRefused(
        "{'optimizer': {'learningRate': -0.1}}",
        "train.optimizer.learningRate: expected more than 0 and at most 10.0 but was -0.1");
    assertRefused("{'optimizer': {'momentum': 1}}", "train.optimizer.momentum");
    assertRefused("{'gradientClip': 0}", "train.gradientClip");
    assertRefused("{'validation': {'every': 0}}", "train.validation.every");
    assertRefused("{'keep': 0}", "train.keep");
    assertRefused(
        "{'epochs': 2, 'iterationsPerEpoch': 5, 'schedule': {'warmup': 10}}",
        "train.schedule.warmup: expected 0 to 9 but was 10");
  }

  @Test
  void thePublishedLearningRatesAreMet() throws JsonProcessingException {
    TrainConfig config = read("{}");

    assertThat(rate(config, 0)).isCloseTo(0.01, within(1e-12));
    assertThat(rate(config, 249)).isCloseTo(0.01, within(1e-12));
    assertThat(rate(config, 250)).isCloseTo(0.00999100, within(1e-8));
    assertThat(rate(config, 500 * 250)).isCloseTo(0.00535887, within(1e-8));
    assertThat(rate(config, 999 * 250)).isCloseTo(1.99526e-5, within(1e-10));
  }

  @Test
  void theWarmUpRisesByIterationEvenWhereTheRateFallsByEpoch() throws JsonProcessingException {
    TrainConfig config =
        read("{'epochs': 4, 'iterationsPerEpoch': 10, 'schedule': {'warmup': 15}}");

    for (int i = 1; i < 15; i++) {
      assertThat(rate(config, i)).isGreaterThan(rate(config, i - 1));
    }
    assertThat(rate(config, 15)).isEqualTo(0.01);
    assertThat(rate(config, 19)).isEqualTo(0.01);
    assertThat(rate(config, 20)).isLessThan(0.01).isEqualTo(rate(config, 29));
  }

  private static double rate(TrainConfig config, long iteration) {
    return config
        .schedule()
        .learningRate(config.optimizer().learningRate(), iteration, config.work());
  }

  private static void assertRefused(String json, String message) {
    assertThatThrownBy(() -> read(json)).hasMessageContaining(message);
  }

  private static TrainConfig read(String json) throws JsonProcessingException {
    return JSON.readValue(json.replace('\'', '"'), TrainConfig.class);
  }
}
