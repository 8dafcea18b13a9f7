package org.voxbench.workflows.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.voxbench.workflows.config.ConfigFolder.SMALL;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Settings that a user can get wrong in good YAML. Line 8 is the first after SMALL. */
class SettingsTest {

  private ConfigFolder folder = new ConfigFolder(Path.of(""));

  @BeforeEach
  void useAFreshFolder(@TempDir Path fresh) {
    folder = new ConfigFolder(fresh);
  }

  @Test
  void everythingWrongIsToldAtOnce() {
    String text =
        SMALL
            + """
            train:
              lerningRate: 3
              optimizer: {kind: sgd, learningRate: -0.01, momentun: 1}
              epochs: many
              batch: 1.5
              precision: bfloat61
              foreground: 2
              network: {patch: [32, 64]}
              shuffle: 3
            evaluate: {overlap: 1, mirror: yes}
            """;
    assertThat(folder.complaintsAbout(text))
        .containsExactly(
            "e.yaml:9:3: train.lerningRate: expected a known key but found lerningRate"
                + " (did you mean train.optimizer.learningRate?)",
            "e.yaml:10:40: train.optimizer.learningRate: expected a number above 0 and up to 10"
                + " but found -0.01",
            "e.yaml:10:47: train.optimizer.momentun: expected a known key but found momentun"
                + " (did you mean momentum?)",
            "e.yaml:11:11: train.epochs: expected a whole number from 0 to 100000 but found"
                + " \"many\"",
            "e.yaml:12:10: train.batch: expected a whole number from 1 to 256 but found 1.5",
            "e.yaml:13:14: train.precision: expected one of auto, float32, bfloat16, float16 but"
                + " found \"bfloat61\" (did you mean bfloat16?)",
            "e.yaml:14:15: train.foreground: expected a number from 0 to 1 but found 2",
            "e.yaml:15:20: train.network.patch: expected a list of 3 values, each a whole number"
                + " from 1 to 4096 but found the list [32, 64]",
            "e.yaml:16:3: train.shuffle: expected a known key but found shuffle (known keys:"
                + " network, epochs, iterationsPerEpoch, batch, foreground, optimizer, schedule,"
                + " precision, gradientClip, batchDice, deepSupervision, recompute, augmentation,"
                + " validation, checkpointEvery, keep)",
            "e.yaml:17:21: evaluate.overlap: expected a number from 0 to 0.9 but found 1",
            "e.yaml:17:32: evaluate.mirror: expected true or false but found \"yes\"");
  }

  @Test
  void aKeyOfAnotherPlaceIsAnsweredWithTheKeysOfThisOneToo() {
    assertThat(
            folder.complaintsAbout(
                SMALL.replace(
                    "{kind: listed, validation: [a]}", "{kind: random, validation: 0.2}")))
        .singleElement()
        .asString()
        .contains("dataset.split.validation", "Known keys here: kind, fraction, seed");
  }

  @Test
  void aMissingKeyIsShownWithAnExample() {
    assertThat(folder.complaintsAbout("dataset: {}\n"))
        .containsExactly(
            "e.yaml:1:1: dataset.name: expected text such as synapse but found nothing (add the"
                + " key name)",
            "e.yaml:1:1: dataset.modalities: expected a list of at least 1 value, each text such"
                + " as CT but found nothing (add the key modalities)",
            "e.yaml:1:1: dataset.labels: expected a mapping such as {1: liver, 2: spleen} but"
                + " found nothing (add the key labels)",
            "e.yaml:1:1: dataset.split: expected a mapping such as {kind: random, fraction: 0.2}"
                + " but found nothing (add the key split)",
            "e.yaml:1:1: dataset.source: expected a mapping such as {kind: folder, path: data} but"
                + " found nothing (add the key source)",
            "e.yaml:1:1: name: expected text such as quickstart but found nothing (add the key"
                + " name)");
  }

  @Test
  void anEmptySectionAndANumberForTextSayHowToMendThem() {
    assertThat(folder.complaintsAbout(SMALL.replace("small", "0012") + "train:\n"))
        .containsExactly(
            "e.yaml:1:7: name: expected text such as quickstart but found 0012 (put it in quotes:"
                + " \"0012\")",
            "e.yaml:8:7: train: expected a mapping but found nothing (give it a value or remove"
                + " the key)");
  }

  @Test
  void alternativesAreReportedAsOneProblem() {
    refused(
        "preprocess: {spacing: atuo}\n",
        "e.yaml:8:23: preprocess.spacing: expected auto or a list of 3 values, each a number above"
            + " 0 and up to 1000 but found \"atuo\"");
    refused(
        "preprocess: {spacing: [1, -2, 3]}\n",
        "e.yaml:8:23: preprocess.spacing: expected auto or a list of 3 values, each a number above"
            + " 0 and up to 1000 but found the list [1, -2, 3]");
  }

  @Test
  void keysOfAnotherKindOfSourceAreUnknown() {
    assertThat(folder.complaintsAbout(SMALL.replace("anatomy: ct-abdomen", "path: x")))
        .containsExactly(
            "e.yaml:7:3: dataset.source.anatomy: expected one of ct-abdomen, mr-cardiac, mr-brain,"
                + " ct-chest but found nothing (add the key anatomy)",
            "e.yaml:7:27: dataset.source.path: expected a known key but found path (known keys:"
                + " kind, anatomy, cases, seed)");
    assertThat(folder.complaintsAbout(SMALL.replace("kind: phantom", "kind: phantm")))
        .containsExactly(
            "e.yaml:7:18: dataset.source.kind: expected one of phantom, folder, https, manual but"
                + " found \"phantm\" (did you mean phantom?)");
  }

  @Test
  void labelsAreVoxelValuesWithNamesOfTheirOwn() {
    String labels = "{0: bg, 1: liver, 200: spleen, x: liver}";
    assertThat(folder.complaintsAbout(SMALL.replace("{1: liver, 2: spleen}", labels)))
        .containsExactly(
            "e.yaml:5:12: dataset.labels.0: expected a label value from 1 to 127 but found 0",
            "e.yaml:5:29: dataset.labels.200: expected a label value from 1 to 127 but found 200",
            "e.yaml:5:42: dataset.labels.x: expected a label value from 1 to 127 but found x",
            "e.yaml:5:45: dataset.labels.x: expected a name of its own but found liver, the name"
                + " of label 1");
  }

  @Test
  void publishedClassesRegionsAndSplitsReferToWhatExists() {
    String text =
        SMALL.replace("  split", "  published: [1, 3, TC]\n  regions: {liver: [1, 9]}\n  split");
    assertThat(folder.complaintsAbout(text.replace("[a]", "[a, b, a], training: [b]")))
        .containsExactly(
            "e.yaml:6:18: dataset.published.1: expected a label of dataset.labels (1, 2) but found"
                + " 3",
            "e.yaml:6:21: dataset.published.2: expected a label's number or a region of"
                + " dataset.regions but found TC",
            "e.yaml:7:13: dataset.regions.liver: expected a name that no label has but found"
                + " liver, the name of label 1 (rename the region)",
            "e.yaml:7:24: dataset.regions.liver.1: expected a label of dataset.labels (1, 2) but"
                + " found 9",
            "e.yaml:8:44: dataset.split.validation.2: expected each case once but found a, which"
                + " dataset.split.validation has already",
            "e.yaml:8:59: dataset.split.training.0: expected each case once but found b, which"
                + " dataset.split.validation has already (to train and validate on the same cases"
                + " write {kind: same})");
  }

  @Test
  void thePatientIsARegularExpression() {
    assertThat(folder.complaintsAbout(SMALL.replace("  split", "  patient: (a\n  split")))
        .containsExactly(
            "e.yaml:6:12: dataset.patient: expected a regular expression such as"
                + " ^(patient[0-9]+)_ but found (a: Unclosed group");
  }

  @Test
  void resourcesComeFromTheMachineUnlessGiven() {
    Experiment free = folder.with("e.yaml", SMALL).read("e.yaml");
    assertThat(free.resources().threads()).isEqualTo(6);
    assertThat(free.resources().memoryBytes()).isEqualTo(12L << 30);
    assertThat(free.resources().device()).isEqualTo("auto");
    Experiment given =
        folder.read("e.yaml", "resources={threads: 2, memory: 1.5 GiB, device: cpu}");
    assertThat(given.resources().threads()).isEqualTo(2);
    assertThat(given.resources().memoryBytes()).isEqualTo(3L << 29);
    assertThat(given.resources().device()).isEqualTo("cpu");
    refused(
        "resources: {memory: 255MiB}\n",
        "e.yaml:8:21: resources.memory: expected at least 256 MiB but found 255MiB");
    refused(
        "resources: {memory: 8 gigabytes, threads: 0}\n",
        "e.yaml:8:21: resources.memory: expected text such as 8 GiB but found \"8 gigabytes\"",
        "e.yaml:8:43: resources.threads: expected a whole number from 1 to 4096 but found 0");
  }

  private void refused(String more, String... messages) {
    assertThat(folder.complaintsAbout(SMALL + more)).containsExactly(messages);
  }
}
