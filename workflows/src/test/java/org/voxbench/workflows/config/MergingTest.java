package org.voxbench.workflows.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.voxbench.workflows.config.ConfigFolder.SMALL;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.voxbench.steps.StepName;

/** Base files, overrides, defaults and relative paths. */
class MergingTest {

  private static final String DATASET =
      """
      name: organs
      modalities: [CT]
      labels: {1: liver, 2: spleen, 3: tumour}
      published: [1, 2]
      split: {kind: listed, validation: [a, b], training: [c]}
      source: {kind: folder, path: raw}
      card: {title: Organs, pages: [1, 2]}
      """;
  private static final String USER = "name: mine\ndataset: {base: ../datasets/organs.yaml}\n";

  private ConfigFolder folder = new ConfigFolder(Path.of(""));

  @BeforeEach
  void useAFreshFolder(@TempDir Path fresh) throws IOException {
    folder =
        new ConfigFolder(fresh)
            .with("datasets/organs.yaml", DATASET)
            .with("experiments/e.yaml", USER);
    Files.createDirectories(fresh.resolve("elsewhere"));
  }

  @Test
  void aBaseBringsTheDatasetAndTheExperimentsKeysReplaceItsKeysAsAWhole() {
    JsonNode plain = folder.read("experiments/e.yaml").tree();
    assertThat(plain.at("/dataset/name").asText()).isEqualTo("organs");
    assertThat(plain.at("/dataset/card/pages/1").asInt()).isEqualTo(2);
    assertThat(plain.at("/dataset").has("base")).isFalse();

    folder.with("experiments/e.yaml", USER.replace(".yaml}", ".yaml, split: {kind: same}}"));
    assertThat(folder.read("experiments/e.yaml").tree().at("/dataset/split").toString())
        .isEqualTo("{\"kind\":\"same\"}");
  }

  @Test
  void problemsOfABasePointIntoTheBase() {
    folder.with(
        "datasets/organs.yaml",
        DATASET.replace("[1, 2]", "[1, 7]").replace("modalities", "modalitys"));
    assertThat(folder.complaints("experiments/e.yaml"))
        .containsExactly(
            "experiments/e.yaml:2:1: dataset.modalities: expected a list of at least 1 value, each"
                + " text such as CT but found nothing (add the key modalities)",
            "datasets/organs.yaml:2:1: dataset.modalitys: expected a known key but found modalitys"
                + " (did you mean modalities?)",
            "datasets/organs.yaml:4:16: dataset.published.1: expected a label of dataset.labels"
                + " (1, 2, 3) but found 7");
  }

  @Test
  void aMissingBaseIsOneProblemNotSix() {
    folder.with("experiments/e.yaml", USER.replace("organs", "organ"));
    assertThat(folder.complaints("experiments/e.yaml"))
        .containsExactly(
            "experiments/e.yaml:2:17: dataset.base: expected a YAML file but found nothing at"
                + " datasets/organ.yaml (did you mean datasets/organs.yaml?)");
  }

  @Test
  void aRelativePathIsSeenFromTheFileThatHoldsIt() {
    assertThat(source(folder.read("experiments/e.yaml"))).isEqualTo(path("datasets/raw"));
    folder.with(
        "experiments/e.yaml", USER.replace(".yaml}", ".yaml, source: {kind: folder, path: raw}}"));
    assertThat(source(folder.read("experiments/e.yaml"))).isEqualTo(path("experiments/raw"));
  }

  @Test
  void aRelativePathOfAnOverrideIsSeenFromTheWorkingDirectory() {
    assertThat(source(folder.read("experiments/e.yaml", "dataset.source.path=../raw")))
        .isEqualTo(path("../raw"));
    assertThat(source(folder.read("experiments/e.yaml", "dataset.source={kind: folder, path: x}")))
        .isEqualTo(path("x"));
    folder.with("elsewhere/other.yaml", DATASET.replace("organs", "others"));
    Experiment other = folder.read("experiments/e.yaml", "dataset.base=elsewhere/other.yaml");
    assertThat(other.dataset()).isEqualTo("others");
    assertThat(source(other)).isEqualTo(path("elsewhere/raw"));
  }

  @Test
  void anAbsolutePathStays() {
    String absolute = path("anywhere");
    assertThat(source(folder.read("experiments/e.yaml", "dataset.source.path=" + absolute)))
        .isEqualTo(absolute);
  }

  @Test
  void overridesWinInTheirOrderAndMayMakeKeys() {
    Experiment experiment =
        folder.read(
            "experiments/e.yaml",
            "train.epochs=3",
            "train.network.patch=[32, 64, 64]",
            "train.network.patch.1=96",
            "dataset.labels.4=kidney",
            "train.epochs=5");
    assertThat(experiment.tree().at("/train/epochs").asInt()).isEqualTo(5);
    assertThat(experiment.tree().at("/train/network/patch").toString()).isEqualTo("[32,96,64]");
    assertThat(experiment.tree().at("/dataset/labels/4").asText()).isEqualTo("kidney");
  }

  @Test
  void anOverrideMayUseAKeyOfAKindChosenLater() {
    Experiment experiment =
        folder.read(
            "experiments/e.yaml",
            "dataset.split.fraction=0.5",
            "dataset.split={kind: random}",
            "dataset.split.fraction=0.25");
    assertThat(experiment.tree().at("/dataset/split/fraction").asDouble()).isEqualTo(0.25);
  }

  @Test
  void overridesThatCannotBeUsedAreAllReported() {
    assertThat(
            folder.complaints(
                "experiments/e.yaml",
                "learningRate=1",
                "trian.epochs=3",
                "train.optimiser.learningRate=1",
                "train.epochs",
                "=3",
                "train.batch=",
                "train.keep=[1",
                "name.x=3",
                "dataset.published.7=1",
                "seed=-1"))
        .containsExactly(
            "--set =3: expected path=value but found =3 (write for example --set train.epochs=10)",
            "--set dataset.published.7=1: dataset.published.7: expected a mapping, or a list that"
                + " long, at dataset.published but found the list [1, 2] (set dataset.published as"
                + " a whole)",
            "--set learningRate=1: learningRate: expected a setting of the experiment but found an"
                + " unknown path (did you mean train.optimizer.learningRate?)",
            "--set name.x=3: name.x: expected a setting of the experiment but found an unknown path"
                + " (did you mean name?)",
            "--set seed=-1: seed: expected a whole number from 0 to 9007199254740991 but found -1",
            "--set train.batch=: train.batch: expected a value after the = but found nothing",
            "--set train.epochs: expected path=value but found train.epochs (write for example"
                + " --set train.epochs=10)",
            "--set train.keep=[1: train.keep: expected ',' or ']' but found the end of the file",
            "--set train.optimiser.learningRate=1: train.optimiser.learningRate: expected a setting"
                + " of the experiment but found an unknown path (did you mean"
                + " train.optimizer.learningRate?)",
            "--set trian.epochs=3: trian.epochs: expected a setting of the experiment but found an"
                + " unknown path (did you mean train.epochs?)");
  }

  @Test
  void defaultsArePublishedRecipeAndFollowTheKindOfOptimizer() {
    JsonNode sgd = folder.with("s.yaml", SMALL).read("s.yaml").tree();
    assertThat(sgd.at("/train/optimizer").toString())
        .isEqualTo(
            "{\"kind\":\"sgd\",\"learningRate\":0.01,\"momentum\":0.99,\"weightDecay\":3.0E-5}");
    assertThat(sgd.at("/train/epochs").asInt()).isEqualTo(1000);
    assertThat(sgd.at("/train/iterationsPerEpoch").asInt()).isEqualTo(250);
    assertThat(sgd.at("/train/gradientClip").asDouble()).isEqualTo(12);
    assertThat(sgd.at("/evaluate/overlap").asDouble()).isEqualTo(0.5);
    assertThat(sgd.at("/evaluate/mirror").asBoolean()).isTrue();
    assertThat(sgd.at("/dataset/published").toString()).isEqualTo("[1,2]");
    JsonNode adamw = folder.read("s.yaml", "train.optimizer.kind=adamw").tree();
    assertThat(adamw.at("/train/optimizer/learningRate").asDouble()).isEqualTo(0.001);
  }

  @Test
  void requestsHoldExactlyWhatAStepDependsOn() {
    Experiment experiment = folder.read("experiments/e.yaml");
    assertThat(keys(experiment, StepName.DOWNLOAD)).isEqualTo("name modalities labels source");
    assertThat(keys(experiment, StepName.PREPROCESS)).isEqualTo("modalities labels preprocess");
    assertThat(keys(experiment, StepName.TRAIN)).isEqualTo("seed train split patient");
    assertThat(keys(experiment, StepName.CHECKPOINT)).isEqualTo("checkpoint");
    assertThat(keys(experiment, StepName.EVALUATE))
        .isEqualTo("labels published regions split patient evaluate");
    assertThat(experiment.request(StepName.REPORT).toString())
        .isEqualTo("{\"name\":\"mine\",\"dataset\":\"organs\"}");
    String before = CanonicalJson.of(experiment.request(StepName.TRAIN));
    experiment.tree().putObject("train");
    assertThat(CanonicalJson.of(experiment.request(StepName.TRAIN))).isEqualTo(before);
  }

  @Test
  void aKeptTreeIsTakenUpAgainUnchanged() {
    Experiment experiment = folder.read("experiments/e.yaml", "resources.threads=2");
    Experiment again = folder.reader().restore("run.json", experiment.tree());
    assertThat(again).isEqualTo(experiment).hasSameHashCodeAs(experiment);
  }

  private String path(String relative) {
    return folder.path(relative).toAbsolutePath().normalize().toString();
  }

  private static String source(Experiment experiment) {
    return experiment.request(StepName.DOWNLOAD).at("/source/path").asText();
  }

  private static String keys(Experiment experiment, StepName step) {
    StringBuilder keys = new StringBuilder();
    experiment.request(step).fieldNames().forEachRemaining(key -> keys.append(' ').append(key));
    return keys.substring(1);
  }

  @Test
  void aKeptTreeThatIsNotResolvedIsRefused() {
    ObjectNode tree = folder.read("experiments/e.yaml").tree();
    ((ObjectNode) tree.at("/dataset")).put("base", "x.yaml");
    assertThatExceptionOfType(ConfigurationException.class)
        .isThrownBy(() -> folder.reader().restore("run.json", tree))
        .withMessage(
            "run.json:1:1: dataset.base: expected no base in a resolved experiment but found one");
    assertThatExceptionOfType(ConfigurationException.class)
        .isThrownBy(() -> folder.reader().restore("run.json", tree.arrayNode()))
        .withMessage("run.json:1:1: expected a mapping of keys but found the list []");
  }

  @Test
  void aWholeDatasetMayBeOverridden() {
    Experiment experiment =
        folder
            .with("s.yaml", SMALL)
            .read("s.yaml", "dataset={base: datasets/organs.yaml}", "dataset.name=renamed");
    assertThat(experiment.dataset()).isEqualTo("renamed");
    assertThat(experiment.tree().at("/dataset/labels/3").asText()).isEqualTo("tumour");
  }
}
