package org.voxbench.workflows.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.voxbench.workflows.config.ConfigFolder.SMALL;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Plans and splits that stand in files of their own, and datasets read by themselves. */
class DatasetFileTest {

  private static final String DATASET =
      """
      name: mine
      modalities: [CT]
      labels: {1: liver}
      split: {kind: listed, validation: [a]}
      source: {kind: folder, path: raw}
      plan:
        spacing: [3, 1, 1]
        normalization: [{modality: CT, scheme: ct, mean: 80, deviation: 130, low: -900, high: 300}]
        affine: sform
        network: {variant: synapse, stem: [1, 4, 4], patch: [16, 160, 160]}
        batch: 4
      """;

  private ConfigFolder folder = new ConfigFolder(Path.of(""));

  @BeforeEach
  void useAFreshFolder(@TempDir Path fresh) {
    folder = new ConfigFolder(fresh, SchemaAgreementTest.REQUESTS);
    folder.with("data/mine.yaml", DATASET);
  }

  private Experiment dataset(String... overrides) {
    return folder.reader().readDataset(Path.of("data/mine.yaml"), List.of(overrides));
  }

  @Test
  void aDatasetIsAnExperimentThatTakesWhatItsPlanSays() {
    Experiment experiment = dataset();

    assertThat(experiment.name()).isEqualTo("mine");
    assertThat(experiment.tree().at("/dataset/source/path").asText())
        .isEqualTo(folder.path("data/raw").toString());
    assertThat(experiment.tree().at("/preprocess").toString())
        .contains("\"spacing\":[3,1,1]")
        .contains("\"affine\":\"sform\"")
        .contains("\"mean\":80");
    assertThat(experiment.tree().at("/train/network/patch").toString()).isEqualTo("[16,160,160]");
    assertThat(experiment.tree().at("/train/batch").asInt()).isEqualTo(4);
    assertThat(folder.reader().restore("run.json", experiment.tree())).isEqualTo(experiment);
  }

  @Test
  void anExperimentsOwnSettingsWinAndItsOwnNetworkKeepsItsOwnPatch() {
    Experiment experiment =
        dataset("preprocess.spacing=auto", "train.network.variant=nano", "dataset.source.path=x");

    assertThat(experiment.tree().at("/preprocess/spacing").asText()).isEqualTo("auto");
    assertThat(experiment.tree().at("/preprocess/affine").asText()).isEqualTo("sform");
    assertThat(experiment.tree().at("/train/network").has("patch")).isFalse();
    assertThat(experiment.tree().at("/train/batch").asInt()).isEqualTo(2);
    assertThat(experiment.tree().at("/dataset/source/path").asText())
        .isEqualTo(folder.path("x").toString());
  }

  @Test
  void aPlanInAFileReplacesThePlanBesideIt() {
    folder.with("plan.yaml", "spacing: [5, 1.5, 1.5]\nbatch: 3\n");

    Experiment experiment = dataset("dataset.plan.file=plan.yaml");

    assertThat(experiment.tree().at("/preprocess/spacing").toString()).isEqualTo("[5,1.5,1.5]");
    assertThat(experiment.tree().at("/preprocess/affine").asText()).isEqualTo("qform");
    assertThat(experiment.tree().at("/train/batch").asInt()).isEqualTo(3);
  }

  @Test
  void aPlanThatIsMissingOrIllegalIsNamedWithItsPlace() {
    assertThatThrownBy(() -> dataset("dataset.plan.file=none.yaml"))
        .hasMessageContaining("dataset.plan.file: expected a YAML file but found nothing");
    folder.with("plan.yaml", "network: {patch: [15, 160, 160], stem: [1, 4, 4]}\n");
    assertThatThrownBy(() -> dataset("dataset.plan.file=plan.yaml"))
        .hasMessageContaining("plan.yaml:1:18: train.network.patch: expected a patch of 8 strides")
        .hasMessageContaining("the nearest being [16, 160, 160]");
    folder.with("plan.yaml", "spacing: [0, 1, 1]\nbath: 3\n");
    assertThatThrownBy(() -> dataset("dataset.plan.file=plan.yaml"))
        .hasMessageContaining("did you mean batch?")
        .hasMessageContaining("plan.yaml:1:");
    folder.with("plan.yaml", "[1, 2]\n");
    assertThatThrownBy(() -> dataset("dataset.plan.file=plan.yaml"))
        .hasMessageContaining("expected a mapping of keys but found");
  }

  @Test
  void anIllegalPatchIsCaughtByValidationWithTheNearestLegalOne() {
    assertThat(
            folder.complaintsAbout(
                SMALL + "train:\n  network: {variant: nano, patch: [20, 64, 64]}\n"))
        .singleElement()
        .asString()
        .startsWith("e.yaml:9:35: train.network.patch: expected a patch of 8 strides of the stem")
        .contains("the nearest being [16, 64, 64]")
        .contains("but found patch [20, 64, 64] with stem [2, 4, 4]");
  }

  @Test
  void aSplitIsReadFromAFileInThreeForms() {
    folder.with("data/ids.yaml", "validation: [a]\ntraining: [b, c]\n");
    folder.with(
        "data/monai.json",
        "{\"training\": [{\"image\": \"imagesTr/b.nii.gz\"}, {\"image\": \"imagesTr/c.nii.gz\"}],"
            + " \"validation\": [{\"image\": \"imagesTr/a.nii.gz\", \"label\": \"x\"}]}");
    folder.with(
        "data/folds.json",
        "[{\"train\": [\"a\"], \"val\": [\"b\"]}, {\"train\": [\"b\", \"c\"], \"val\": [\"a\"]}]");
    String listed = "{\"kind\":\"listed\",\"validation\":[\"a\"],\"training\":[\"b\",\"c\"]}";

    assertThat(split("file: ids.yaml")).isEqualTo(listed);
    assertThat(split("file: monai.json")).isEqualTo(listed);
    assertThat(split("file: folds.json, fold: 1")).isEqualTo(listed);
  }

  private String split(String how) {
    String text = DATASET.replace("kind: listed, validation: [a]", "kind: file, " + how);
    folder.with("data/mine.yaml", text);
    return dataset().tree().at("/dataset/split").toString();
  }

  @Test
  void aSplitFileThatHoldsNoSplitIsNamed() {
    folder.with("data/folds.json", "[{\"train\": [\"a\"], \"val\": [\"b\"]}]");
    folder.with("data/none.json", "{\"training\": [\"a\"]}");
    folder.with("data/twice.json", "{\"training\": [\"a\"], \"validation\": [\"a\"]}");
    assertThatThrownBy(() -> split("file: folds.json, fold: 3"))
        .hasMessageContaining("dataset.split.fold: expected a fold from 0 to 0 but found 3");
    assertThatThrownBy(() -> split("file: none.json"))
        .hasMessageContaining(
            "dataset.split.file: expected a file with a list of validation cases");
    assertThatThrownBy(() -> split("file: gone.json"))
        .hasMessageContaining("dataset.split.file: expected a YAML file but found nothing");
    assertThatThrownBy(() -> split("file: twice.json"))
        .hasMessageContaining("expected each case once but found a");
  }

  @Test
  void aNormalizationThatIsNoneIsReportedWithItsLine() {
    assertThat(folder.complaintsAbout(SMALL + "preprocess: {normalization: minmax}\n"))
        .singleElement()
        .asString()
        .startsWith("e.yaml:8:29: preprocess.normalization: expected");
    assertThat(
            folder.complaintsAbout(
                SMALL + "preprocess: {normalization: [{modality: CT, scheme: ct}]}\n"))
        .singleElement()
        .asString()
        .contains("expected the keys [deviation, high, low, mean, modality, scheme] of scheme ct");
  }

  @Test
  void writtenYamlIsReadBackAsItWas() {
    String yaml = YamlText.of(dataset().tree().path("dataset").path("plan"));
    folder.with("plan.yaml", yaml);
    assertThat(dataset("dataset.plan.file=plan.yaml")).isEqualTo(dataset());
  }
}
