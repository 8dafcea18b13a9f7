package org.voxbench.steps.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.voxbench.steps.PermanentStepException;
import org.voxbench.steps.Resources;
import org.voxbench.steps.RunListener;
import org.voxbench.steps.StepContext;
import org.voxbench.steps.StepName;
import org.voxbench.steps.StepResult;
import org.voxbench.steps.StepStoppedException;
import org.voxbench.steps.StopSignal;
import org.voxbench.steps.dataset.SplitConfig;
import org.voxbench.steps.volume.Grid;
import org.voxbench.steps.volume.GridShape;
import org.voxbench.steps.volume.LabelVolume;
import org.voxbench.steps.volume.NiftiFile;
import org.voxbench.steps.volume.Spacing;

final class EvaluateTest {

  private static final double DIAGONAL = Math.sqrt(7 * 3 * 7 * 3 + 12 * 12 + 14 * 1.5 * 14 * 1.5);

  private Path home;
  private SmallDataset dataset;
  private final List<String> notes = new ArrayList<>();
  private final List<String> progress = new ArrayList<>();
  private int opened;

  @BeforeEach
  void makeDataset(@TempDir Path folder) throws IOException {
    home = folder;
    dataset = new SmallDataset(home);
  }

  @Test
  void aPerfectPredictionScoresOneAndZeroMillimetres() throws IOException {
    dataset.add("a", SmallDataset.boxes(0), SmallDataset.boxes(0)).publish();
    StepResult result = evaluate("out", Optional.empty(), () -> false);
    assertThat(result.metrics())
        .containsEntry("dice.mean", 1.0)
        .containsEntry("hd95.mean", 0.0)
        .containsEntry("dice.left_box", 1.0)
        .containsEntry("hd95.right_box", 0.0)
        .containsEntry("cases.failed", 0.0);
    assertThat(result.artifacts()).containsExactly("scores.json", "scores.csv");
    LabelVolume written = NiftiFile.readLabels(home.resolve("out/predictions/a.nii.gz"));
    assertThat(written.voxels()).isEqualTo(SmallDataset.boxes(0).voxels());
    assertThat(written.grid().spacing()).isEqualTo(new Spacing(3, 1, 1.5));
    assertThat(progress).last().isEqualTo("windows 18/18");
  }

  @Test
  void missedInventedAndAbsentClassesAreScoredByThePolicyAndCounted() throws IOException {
    LabelVolume nothing = without(without(SmallDataset.boxes(0), 1), 2);
    dataset
        .add("missed", SmallDataset.boxes(0), without(SmallDataset.boxes(0), 1))
        .add("invented", without(SmallDataset.boxes(0), 1), SmallDataset.boxes(0))
        .add("absent", nothing, nothing)
        .publish();
    evaluate("out", Optional.empty(), () -> false);
    Scores scores = Scores.read(home.resolve("out"));
    StructureSummary left = scores.structures().get(0);
    assertThat(left.counts()).isEqualTo(new Counts(3, 0, 1, 1, 1, 0));
    assertThat(left.dice().n()).isEqualTo(2);
    assertThat(left.dice().mean()).isEqualTo(0.0);
    assertThat(left.hd95().mean()).isCloseTo(DIAGONAL, within(1e-9));
    assertThat(left.asPublished()).isEqualTo(new AsPublished(1.0 / 3, 0));
    StructureSummary right = scores.structures().get(1);
    assertThat(right.counts()).isEqualTo(new Counts(3, 2, 0, 0, 1, 0));
    assertThat(right.dice().mean()).isEqualTo(1.0);
    assertThat(scores.published().dice()).isEqualTo(0.5);
  }

  @Test
  void aShiftedPredictionHasTheDistanceInMillimetresAndAsPublishedInVoxels() throws IOException {
    dataset.add("a", SmallDataset.boxes(0), SmallDataset.boxes(2)).publish();
    evaluate("out", Optional.empty(), () -> false);
    StructureScore left = Scores.read(home.resolve("out")).cases().get(0).score("1").orElseThrow();
    assertThat(Objects.requireNonNull(left.distances()).hd()).isEqualTo(3.0);
    assertThat(left.asPublished()).isEqualTo(new AsPublished(0.5, 2.0));
    assertThat(left.dice()).isEqualTo(0.5);
    assertThat(left.farthest()).hasSize(3);
  }

  @Test
  void aCaseThatWasNotPreparedStaysInTheDenominatorWithTheWorstScore() throws IOException {
    dataset
        .add("a", SmallDataset.boxes(0), SmallDataset.boxes(0))
        .add("lost", SmallDataset.boxes(0), new float[0])
        .publish();
    StepResult result = evaluate("out", Optional.empty(), () -> false);
    assertThat(result.metrics())
        .containsEntry("dice.mean", 0.5)
        .containsEntry("hd95.mean", DIAGONAL / 2)
        .containsEntry("cases.failed", 1.0);
    Scores scores = Scores.read(home.resolve("out"));
    assertThat(scores.counts()).isEqualTo(new Scores.CaseCounts(2, 1, 1));
    assertThat(scores.cases().get(1).failure()).contains("not among the prepared");
    assertThat(notes).anyMatch(note -> note.contains("case lost counts as failed"));
    assertThat(Files.readString(home.resolve("out/scores.csv")))
        .contains("lost,1,left box,failed,0.0," + DIAGONAL);
  }

  @Test
  void aLabelOfAnotherShapeOrAnUnreadableOneFailsItsCaseAlone() throws IOException {
    dataset
        .add("a", SmallDataset.boxes(0), SmallDataset.boxes(0))
        .add("cut", SmallDataset.boxes(0), SmallDataset.boxes(0))
        .add("other", SmallDataset.boxes(0), SmallDataset.boxes(0))
        .publish();
    Files.write(dataset.label("cut"), new byte[] {1, 2, 3});
    Grid small = Grid.of(new GridShape(2, 2, 2), new Spacing(1, 1, 1));
    NiftiFile.writeLabels(dataset.label("other"), new LabelVolume(small, new byte[8]));
    evaluate("out", Optional.empty(), () -> false);
    Scores scores = Scores.read(home.resolve("out"));
    assertThat(scores.counts().failed()).isEqualTo(2);
    assertThat(scores.cases().get(2).failure())
        .isEqualTo("label: expected the image's shape 7x12x14 but found 2x2x2");
  }

  @Test
  void aNanInAPreparedImageFailsItsCaseByName() throws IOException {
    float[] image = new float[7 * 12 * 14];
    image[14] = Float.NaN;
    dataset
        .add("a", SmallDataset.boxes(0), SmallDataset.boxes(0))
        .add("nan", SmallDataset.boxes(0), image)
        .publish();
    evaluate("out", Optional.empty(), () -> false);
    assertThat(Scores.read(home.resolve("out")).cases().get(1).failure())
        .contains("found NaN in channel 0 at (z 0, y 1, x 0)");
  }

  @Test
  void whenEveryCaseFailsTheStepFailsWithAllReasons() throws IOException {
    dataset.add("lost", SmallDataset.boxes(0), new float[0]).publish();
    assertThatThrownBy(() -> evaluate("out", Optional.empty(), () -> false))
        .isInstanceOf(PermanentStepException.class)
        .hasMessageContaining("no validation case could be predicted")
        .hasMessageContaining("lost: the case is not among the prepared ones");
  }

  @Test
  void aStoppedAttemptIsTakenUpWhereItStopped() throws IOException {
    dataset
        .add("a", SmallDataset.boxes(0), SmallDataset.boxes(1))
        .add("b", SmallDataset.boxes(0), SmallDataset.boxes(2))
        .publish();
    evaluate("whole", Optional.empty(), () -> false);
    int[] asked = {0};
    assertThatThrownBy(() -> evaluate("stopped", Optional.empty(), () -> asked[0]++ > 14))
        .isInstanceOf(StepStoppedException.class)
        .hasMessageContaining("stopped while predicting b");
    assertThat(home.resolve("stopped/scores.json")).doesNotExist();
    evaluate("resumed", Optional.of(home.resolve("stopped")), () -> false);
    assertThat(notes).contains("evaluate: took 1 of 2 cases from an earlier attempt");
    for (String file : List.of("scores.json", "scores.csv", "cases/a.json", "cases/b.json")) {
      assertThat(home.resolve("resumed").resolve(file))
          .hasSameBinaryContentAs(home.resolve("whole").resolve(file));
    }
  }

  @Test
  void aFinishedAttemptNeedsNoNetworkAndADamagedPredictionIsMadeAgain() throws IOException {
    dataset.add("a", SmallDataset.boxes(0), SmallDataset.boxes(1)).publish();
    evaluate("first", Optional.empty(), () -> false);
    evaluate("second", Optional.of(home.resolve("first")), () -> false);
    assertThat(opened).isEqualTo(1);
    Files.write(home.resolve("second/predictions/a.nii.gz"), new byte[] {0});
    evaluate("third", Optional.of(home.resolve("second")), () -> false);
    assertThat(opened).isEqualTo(2);
    assertThat(home.resolve("third/predictions/a.nii.gz"))
        .hasSameBinaryContentAs(home.resolve("first/predictions/a.nii.gz"));
  }

  @Test
  void regionsAreScoredAsTheUnionOfTheirClasses() throws IOException {
    dataset.add("a", SmallDataset.boxes(0), swapped(SmallDataset.boxes(0))).publish();
    Evaluate.Request request =
        new ObjectMapper()
            .readValue(
                """
                {"labels": {"1": "left box", "2": "right box"}, "published": [1, "both"],
                 "regions": {"both": [1, 2]}, "split": {"kind": "same"},
                 "evaluate": {"overlap": 0.5, "mirror": false}}
                """,
                Evaluate.Request.class);
    StepResult result = evaluate(request, "out", Optional.empty(), () -> false);
    assertThat(result.metrics())
        .containsEntry("dice.both", 1.0)
        .containsEntry("dice.left_box", 0.0)
        .containsEntry("dice.mean", 0.5);
  }

  @Test
  void aRequestThatNamesWhatDoesNotExistIsRefused() {
    assertThatThrownBy(() -> request(List.of("1", "WT"), Map.of()))
        .hasMessageContaining("published: expected some of [1, 2] but found [1, WT]");
    assertThatThrownBy(() -> request(List.of(), Map.of("WT", List.of(1, 4))))
        .hasMessageContaining("regions.WT: expected labels out of [1, 2] but found 4");
    assertThatThrownBy(() -> new EvaluateConfig(1.5, true, 1, "auto"))
        .hasMessageContaining("evaluate.overlap: expected 0 to 0.9 but was 1.5");
    assertThatThrownBy(() -> new EvaluateConfig(0.5, true, 1, "fp16"))
        .hasMessageContaining("evaluate.precision: expected auto, float32");
  }

  private StepResult evaluate(String folder, Optional<Path> earlier, StopSignal stop)
      throws IOException {
    return evaluate(request(List.of(), Map.of()), folder, earlier, stop);
  }

  private StepResult evaluate(
      Evaluate.Request request, String folder, Optional<Path> earlier, StopSignal stop)
      throws IOException {
    Path output = Files.createDirectories(home.resolve(folder));
    StepContext context =
        new StepContext(
            Map.of(
                StepName.DOWNLOAD,
                dataset.raw,
                StepName.PREPROCESS,
                dataset.prepared,
                StepName.CHECKPOINT,
                home),
            output,
            earlier,
            new Listener(),
            stop,
            new Resources(1, 1L << 30, "cpu"));
    NetworkSource source =
        (opening, config) -> {
          opened++;
          return new SmallDataset.OneHot();
        };
    return new Evaluate(source).run(request, context);
  }

  private static Evaluate.Request request(
      List<String> published, Map<String, List<Integer>> regions) {
    return new Evaluate.Request(
        SmallDataset.LABELS,
        published,
        regions,
        new SplitConfig.Same(),
        null,
        new EvaluateConfig(0.5, false, 2, "auto"));
  }

  private static LabelVolume without(LabelVolume labels, int label) {
    byte[] voxels = labels.voxels().clone();
    for (int i = 0; i < voxels.length; i++) {
      voxels[i] = voxels[i] == label ? 0 : voxels[i];
    }
    return new LabelVolume(labels.grid(), voxels);
  }

  private static LabelVolume swapped(LabelVolume labels) {
    byte[] voxels = labels.voxels().clone();
    for (int i = 0; i < voxels.length; i++) {
      voxels[i] = (byte) (voxels[i] == 0 ? 0 : 3 - voxels[i]);
    }
    return new LabelVolume(labels.grid(), voxels);
  }

  private final class Listener implements RunListener {

    @Override
    public void metric(String key, double value, long step) {}

    @Override
    public void progress(String task, long done, long total) {
      progress.add(task + " " + done + "/" + total);
    }

    @Override
    public void note(String sentence) {
      notes.add(sentence);
    }
  }
}
