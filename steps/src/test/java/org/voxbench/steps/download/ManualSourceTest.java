package org.voxbench.steps.download;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.voxbench.steps.PermanentStepException;
import org.voxbench.steps.Resources;
import org.voxbench.steps.RunListener;
import org.voxbench.steps.StepContext;
import org.voxbench.steps.StepStoppedException;
import org.voxbench.steps.dataset.RawDataset;

@Timeout(60)
class ManualSourceTest {

  @TempDir private Path folder = Path.of("set by JUnit");
  private final DownloadTesting told = new DownloadTesting();

  private Download.Request request(int minutes) {
    Source.Manual source =
        new Source.Manual(
            folder.resolve("data").toString(), "Fetch Task06_Lung.tar from its page.", minutes);
    return new Download.Request("lung", List.of("CT"), Map.of(1, "cancer"), source);
  }

  private void putData() throws IOException {
    Path root = folder.resolve("data/Task06_Lung");
    Files.createDirectories(root.resolve("imagesTr"));
    Files.createDirectories(root.resolve("labelsTr"));
    Files.writeString(root.resolve("imagesTr/lung_001.nii.gz"), "image");
    Files.writeString(root.resolve("labelsTr/lung_001.nii.gz"), "label");
    Files.writeString(
        root.resolve("dataset.json"),
        """
        {"name": "Lung", "modality": {"0": "CT"}, "labels": {"0": "background", "1": "cancer"},
         "training": [{"image": "./imagesTr/lung_001.nii.gz", "label": "./labelsTr/lung_001.nii.gz"}]}
        """);
  }

  @Test
  void missingDataFailsAtOnceWithTheInstructionsAndThePlace() {
    assertThatThrownBy(() -> new Download().run(request(0), told.context(folder.resolve("output"))))
        .isInstanceOf(PermanentStepException.class)
        .hasMessageContaining("dataset lung is not at " + folder.resolve("data"))
        .hasMessageContaining("Fetch Task06_Lung.tar from its page.")
        .hasMessageContaining("Then run again");
  }

  @Test
  void anEmptyFolderCountsAsMissing() throws IOException {
    Files.createDirectories(folder.resolve("data"));
    assertThatThrownBy(() -> new Download().run(request(0), told.context(folder.resolve("output"))))
        .hasMessageContaining("has to be fetched by you");
  }

  @Test
  void dataThatIsThereIsBroughtAndItsContentCountsAsInput() throws IOException {
    assertThat(new Download().externalInputs(request(0))).isEmpty();
    putData();
    assertThat(new Download().externalInputs(request(0))).containsExactly(folder.resolve("data"));
    new Download().run(request(0), told.context(folder.resolve("output")));
    assertThat(RawDataset.open(folder.resolve("output")).trainingIds()).containsExactly("lung_001");
  }

  @Test
  void aRunThatMayWaitAsksAndGoesOnOnceTheDataIsThere() throws IOException {
    RunListener person =
        new RunListener() {
          @Override
          public void metric(String key, double value, long step) {}

          @Override
          public void progress(String task, long done, long total) {}

          @Override
          public void note(String sentence) {
            if (sentence.contains("has to be fetched by you")) {
              try {
                putData();
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            }
          }
        };
    Path output = Files.createDirectories(folder.resolve("output"));
    StepContext context =
        new StepContext(
            Map.of(),
            output,
            Optional.empty(),
            person,
            () -> false,
            new Resources(1, 1L << 30, "cpu"));
    Download.Request request = request(1);
    new ManualSource((Source.Manual) request.source(), request, context, Duration.ofMillis(1))
        .bring();
    assertThat(RawDataset.open(output).trainingIds()).containsExactly("lung_001");
  }

  @Test
  void aStopEndsTheWait() throws IOException {
    Download.Request request = request(1);
    StepContext context = told.context(folder.resolve("output"), Optional.empty(), () -> true);
    assertThatThrownBy(
            () ->
                new ManualSource(
                        (Source.Manual) request.source(), request, context, Duration.ofMillis(1))
                    .bring())
        .isInstanceOf(StepStoppedException.class);
  }

  @Test
  void workThatCannotFitTheDiskIsRefusedBeforeItStarts() {
    assertThatThrownBy(() -> DiskSpace.require(folder, 1L << 60, "lung.tar"))
        .isInstanceOf(PermanentStepException.class)
        .hasMessageContaining("lung.tar needs ")
        .hasMessageContaining("choose another --home");
  }
}
