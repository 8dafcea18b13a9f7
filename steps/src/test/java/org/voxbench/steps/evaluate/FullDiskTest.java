package org.voxbench.steps.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.voxbench.steps.FullDisk;
import org.voxbench.steps.PermanentStepException;
import org.voxbench.steps.Resources;
import org.voxbench.steps.RunListener;
import org.voxbench.steps.StepContext;
import org.voxbench.steps.StepName;
import org.voxbench.steps.TransientStepException;
import org.voxbench.steps.dataset.SplitConfig;
import org.voxbench.steps.download.Download;
import org.voxbench.steps.download.Source;
import org.voxbench.steps.preprocess.SmallDisk;
import org.voxbench.steps.report.Report;

/** Every step that writes says which disk is full and how to go on. */
class FullDiskTest implements RunListener {

  private static final String CURE =
      "make room (voxbench gc --dry-run shows what can go) or choose another --home, and run again";

  @TempDir private Path folder = Path.of("set by JUnit");
  private final List<String> notes = new ArrayList<>();

  private StepContext context(Map<StepName, Path> inputs, Path output) throws IOException {
    return new StepContext(
        inputs,
        Files.createDirectories(output),
        Optional.empty(),
        this,
        () -> false,
        new Resources(1, 1L << 30, "cpu"));
  }

  @Test
  void phantomsThatDoNotFitAreNotHalfADataset() throws IOException {
    Download.Request request =
        new Download.Request(
            "chest", List.of("CT"), Map.of(1, "cancer"), new Source.Phantom("ct-chest", 4, 1));
    try (SmallDisk disk = SmallDisk.of(folder.resolve("disk"), 1)) {
      Path out = disk.folder().resolve("out");
      assertThatThrownBy(() -> new Download().run(request, context(Map.of(), out)))
          .isInstanceOf(PermanentStepException.class)
          .hasMessageStartingWith("download: the disk of " + out + " is full (No space left")
          .hasMessageContaining(CURE);
    }
  }

  @Test
  void aPredictionThatCannotBeWrittenIsNoFailureOfItsCase() throws IOException {
    SmallDataset dataset =
        new SmallDataset(folder)
            .add("a", SmallDataset.boxes(0), SmallDataset.boxes(0))
            .add("b", SmallDataset.boxes(0), SmallDataset.boxes(0))
            .publish();
    Map<StepName, Path> inputs =
        Map.of(
            StepName.DOWNLOAD, dataset.raw,
            StepName.PREPROCESS, dataset.prepared,
            StepName.CHECKPOINT, folder);
    Evaluate.Request request =
        new Evaluate.Request(
            SmallDataset.LABELS,
            List.of(),
            Map.of(),
            new SplitConfig.Same(),
            null,
            new EvaluateConfig(0.5, false, 1, "auto"));
    Evaluate evaluate = new Evaluate((context, config) -> new SmallDataset.OneHot());
    try (SmallDisk disk = SmallDisk.of(folder.resolve("disk"), 1)) {
      StepContext context = context(inputs, disk.folder().resolve("out"));
      disk.fill();

      assertThatThrownBy(() -> evaluate.run(request, context))
          .isInstanceOf(PermanentStepException.class)
          .hasMessageStartingWith("evaluate: the disk of " + context.output() + " is full")
          .hasMessageContaining(CURE);
      assertThat(notes).noneMatch(note -> note.contains("counts as failed"));

      disk.makeRoom();
      evaluate.run(request, context);
      assertThat(Scores.read(context.output()).counts()).isEqualTo(new Scores.CaseCounts(2, 2, 0));
    }
  }

  @Test
  void aReportThatCannotBeWrittenNamesTheDisk() throws IOException {
    EvaluatedBoxes boxes = new EvaluatedBoxes(folder);
    Files.createDirectories(folder.resolve("train"));
    try (SmallDisk disk = SmallDisk.of(folder.resolve("disk"), 1)) {
      StepContext context = boxes.contextForReport(disk.folder().resolve("report"));
      disk.fill();
      assertThatThrownBy(() -> new Report().run(new Report.Request("boxes", "boxes"), context))
          .isInstanceOf(PermanentStepException.class)
          .hasMessageStartingWith("report: the disk of " + context.output() + " is full")
          .hasMessageContaining(CURE);
    }
  }

  /** A download retries what fails; the disk is then the cause of the cause. */
  @Test
  void theReasonIsFoundBehindARetryAndOtherFailuresPassUnchanged() throws IOException {
    StepContext context = context(Map.of(), folder.resolve("out"));
    TransientStepException gaveUp =
        new TransientStepException(
            "gave up after 4 tries", new IOException("x: No space left on device"));
    assertThatThrownBy(() -> explained(context, gaveUp))
        .isInstanceOf(PermanentStepException.class)
        .hasMessageStartingWith("download: the disk of " + context.output() + " is full");
    TransientStepException cut = new TransientStepException("cut", new IOException("reset"));
    assertThatThrownBy(() -> explained(context, cut)).isSameAs(cut);
  }

  private static void explained(StepContext context, RuntimeException failure) throws IOException {
    Object unused =
        FullDisk.explained(
            StepName.DOWNLOAD,
            context,
            () -> {
              throw failure;
            });
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
