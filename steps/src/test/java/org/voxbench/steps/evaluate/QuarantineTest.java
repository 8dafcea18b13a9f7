package org.voxbench.steps.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.voxbench.steps.PermanentStepException;
import org.voxbench.steps.Resources;
import org.voxbench.steps.RunListener;
import org.voxbench.steps.Step;
import org.voxbench.steps.StepContext;
import org.voxbench.steps.StepName;
import org.voxbench.steps.dataset.PreparedDataset;
import org.voxbench.steps.dataset.RawDataset;
import org.voxbench.steps.dataset.SplitConfig;
import org.voxbench.steps.download.Download;
import org.voxbench.steps.download.Source;
import org.voxbench.steps.preprocess.Preprocess;
import org.voxbench.steps.preprocess.PreprocessSettings;
import org.voxbench.steps.report.Report;

/** Follows a bad scan from the user's folder through preprocess and evaluate into the report. */
final class QuarantineTest implements RunListener {

  private Path home = Path.of("");
  private final List<String> notes = new ArrayList<>();
  private final Map<StepName, Path> outputs = new EnumMap<>(StepName.class);

  @BeforeEach
  void bringThreeScansOfWhichOneIsCutOff(@TempDir Path folder) throws IOException {
    home = folder;
    SmallDataset dataset = new SmallDataset(folder.resolve("mine"));
    for (String id : List.of("a", "b", "cut", "d")) {
      dataset.add(id, SmallDataset.boxes(0), new float[0]);
    }
    dataset.publish();
    Path image = dataset.label("cut").resolveSibling("../imagesTr/cut.nii.gz").normalize();
    byte[] whole = Files.readAllBytes(image);
    Files.write(image, Arrays.copyOf(whole, whole.length - 40));
    Source source = new Source.Folder(dataset.raw.toString());
    run(new Download(), new Download.Request("boxes", List.of("CT"), SmallDataset.LABELS, source));
  }

  private <C> void run(Step<C> step, C request) throws IOException {
    Path output = Files.createDirectories(home.resolve(step.name().key()));
    step.run(
        request,
        new StepContext(
            outputs,
            output,
            Optional.empty(),
            this,
            () -> false,
            new Resources(1, 1L << 30, "cpu")));
    outputs.put(step.name(), output);
  }

  private static Preprocess.Request preprocess(PreprocessSettings.BadCases badCases) {
    return new Preprocess.Request(
        List.of("CT"), SmallDataset.LABELS, new PreprocessSettings(null, null, null, badCases));
  }

  private Evaluate.Request validating(String... ids) {
    return new Evaluate.Request(
        SmallDataset.LABELS,
        List.of(),
        Map.of(),
        new SplitConfig.Listed(List.of(ids), List.of()),
        null,
        new EvaluateConfig(0.5, false, 1, "auto"));
  }

  private void report() throws IOException {
    Files.createDirectories(home.resolve("train"));
    Files.writeString(home.resolve("train/history.csv"), "epoch,train_loss\n1,0.5\n");
    Files.writeString(
        home.resolve("network.json"), "{\"network\": {\"classes\": 3}, \"modalities\": [\"CT\"]}");
    outputs.put(StepName.TRAIN, home.resolve("train"));
    outputs.put(StepName.CHECKPOINT, home);
    run(new Report(), new Report.Request("quarantine", "boxes"));
  }

  @Test
  void aQuarantinedValidationCaseStaysInTheReportsDenominatorWithItsReason() throws IOException {
    run(new Preprocess(), preprocess(PreprocessSettings.BadCases.QUARANTINE));
    run(new Evaluate((context, config) -> new AllBackground()), validating("cut", "d"));
    report();

    Scores scores = Scores.read(home.resolve(StepName.EVALUATE.key()));
    assertThat(scores.counts()).isEqualTo(new Scores.CaseCounts(2, 1, 1));
    assertThat(scores.cases().get(0).failure())
        .startsWith("in quarantine: case cut: imagesTr/cut.nii.gz: expected a whole NIfTI file");
    assertThat(scores.structures().get(0).dice().n()).isEqualTo(2);
    String report = Files.readString(home.resolve("report/report.md"));
    assertThat(report).contains("cases: 2 expected, 1 evaluated, 1 failed");
    assertThat(Files.readString(home.resolve("report/report.html")))
        .contains("cut (failed)")
        .contains("in quarantine: case cut")
        .contains("<td>cut</td><td>counts as failed, with the worst scores</td>");
    assertThat(Files.readString(home.resolve("report/scores.csv")))
        .contains("cut,1,left box,failed");
  }

  @Test
  void aQuarantinedTrainingCaseStandsInEveryFormOfTheReport() throws IOException {
    run(new Preprocess(), preprocess(PreprocessSettings.BadCases.QUARANTINE));
    run(new Evaluate((context, config) -> new AllBackground()), validating("a", "d"));
    report();

    Scores scores = Scores.read(home.resolve(StepName.EVALUATE.key()));
    assertThat(scores.counts()).isEqualTo(new Scores.CaseCounts(2, 2, 0));
    String sentence = "1 of the dataset's 4 labelled cases were unfit to be prepared.";
    assertThat(Files.readString(home.resolve("report/report.md")))
        .contains("## Cases in quarantine\n\n" + sentence)
        .contains("| cut | not learnt from | case cut: imagesTr/cut.nii.gz: expected a whole");
    assertThat(Files.readString(home.resolve("report/report.html")))
        .contains("<h2>Cases in quarantine</h2>")
        .contains("<td>cut</td><td>not learnt from</td><td>case cut: imagesTr/cut.nii.gz: ");
    JsonNode quarantine =
        new ObjectMapper()
            .readTree(home.resolve("report/report.json").toFile())
            .at("/summary/quarantine");
    assertThat(quarantine.at("/labelled").asInt()).isEqualTo(4);
    assertThat(quarantine.at("/cases/0/id").asText()).isEqualTo("cut");
    assertThat(quarantine.at("/cases/0/reason").asText()).endsWith("fetch it again");
  }

  @Test
  void aQuarantinedCaseIsNotedAndASplitStillKnowsIt() throws IOException {
    run(new Preprocess(), preprocess(PreprocessSettings.BadCases.QUARANTINE));

    PreparedDataset prepared = PreparedDataset.open(home.resolve(StepName.PREPROCESS.key()));
    assertThat(prepared.cases()).hasSize(3);
    assertThat(prepared.quarantine().cases()).containsOnlyKeys("cut");
    assertThat(prepared.quarantine().with(List.of("a", "b", "d")))
        .containsExactly("a", "b", "cut", "d")
        .isEqualTo(RawDataset.open(home.resolve(StepName.DOWNLOAD.key())).trainingIds());
    assertThat(prepared.quarantine().without(List.of("cut", "a"))).containsExactly("a");
    assertThat(notes)
        .anyMatch(
            note ->
                note.startsWith("quarantined, counts as failed where it is validated: case cut: ")
                    && !note.contains(home.toString()));
  }

  @Test
  void whoWantsNoQuarantineIsToldAllBadCases() {
    assertThatThrownBy(() -> run(new Preprocess(), preprocess(PreprocessSettings.BadCases.REFUSE)))
        .isInstanceOf(PermanentStepException.class)
        .hasMessageContaining("1 problems in the raw data")
        .hasMessageContaining("case cut: imagesTr/cut.nii.gz: expected a whole NIfTI file");
  }

  /** Sees nothing anywhere. */
  private record AllBackground() implements OpenNetwork {

    @Override
    public List<Integer> patch() {
      return List.of(4, 8, 8);
    }

    @Override
    public int inChannels() {
      return 1;
    }

    @Override
    public int classes() {
      return 3;
    }

    @Override
    public float[] probabilities(float[] windows, int count, boolean mirror) {
      float[] found = new float[3 * windows.length];
      for (int window = 0; window < count; window++) {
        Arrays.fill(found, window * 3 * 256, window * 3 * 256 + 256, 1);
      }
      return found;
    }

    @Override
    public void close() {}
  }

  @Override
  public void metric(String key, double value, long step) {}

  @Override
  public void progress(String task, long done, long total) {}

  @Override
  public void note(String sentence) {
    notes.add(sentence);
  }
}
