package org.voxbench.steps.download;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.voxbench.steps.PermanentStepException;
import org.voxbench.steps.StepStoppedException;
import org.voxbench.steps.dataset.RawDataset;

class FolderSourceTest {

  private static final String PUBLISHED =
      "DATASET_Synapse/unetr_pp_raw/unetr_pp_raw_data/Task02_Synapse";

  @TempDir private Path folder = Path.of("set by JUnit");
  private final DownloadTesting told = new DownloadTesting();

  private static void listed(Path root) throws IOException {
    Files.createDirectories(root.resolve("imagesTr"));
    Files.createDirectories(root.resolve("labelsTr"));
    Files.writeString(root.resolve("imagesTr/img0001.nii.gz"), "image");
    Files.writeString(root.resolve("labelsTr/label0001.nii.gz"), "label");
    Files.writeString(
        root.resolve("dataset.json"),
        """
        {"name": "Synapse", "modality": {"0": "CT"}, "labels": {"0": "background", "1": "Spleen_left"},
         "training": [{"image": "./imagesTr/img0001.nii.gz", "label": "./labelsTr/label0001.nii.gz"}]}
        """);
  }

  private static Download.Request request(Path path) {
    return new Download.Request(
        "synapse", List.of("CT"), Map.of(1, "spleen left"), new Source.Folder(path.toString()));
  }

  private RawDataset bring(Path path) throws IOException {
    Path output = folder.resolve("output");
    new Download().run(request(path), told.context(output));
    return RawDataset.open(output);
  }

  @Test
  void aPublishedFolderKeepsItsNamesAndItsLabelGetsTheImagesName() throws IOException {
    listed(folder.resolve("given").resolve(PUBLISHED));
    RawDataset dataset = bring(folder.resolve("given"));
    assertThat(dataset.folder()).isEqualTo(folder.resolve("output").resolve(PUBLISHED));
    assertThat(dataset.folder().resolve("imagesTr/img0001.nii.gz")).hasContent("image");
    assertThat(dataset.folder().resolve("labelsTr/img0001.nii.gz")).hasContent("label");
    assertThat(dataset.trainingIds()).containsExactly("img0001");
    assertThat(told.progress).containsExactly(1L);
  }

  @Test
  void theFolderIsAnExternalInputSoThatItsContentCounts() {
    assertThat(new Download().externalInputs(request(folder))).containsExactly(folder);
  }

  @Test
  void anNnUnetFolderWithOneFilePerChannelIsReadAgainAfterwards() throws IOException {
    Path root = folder.resolve("Dataset042_Brain");
    Files.createDirectories(root.resolve("imagesTr"));
    Files.createDirectories(root.resolve("labelsTr"));
    Files.writeString(root.resolve("imagesTr/b1_0000.nii.gz"), "flair");
    Files.writeString(root.resolve("imagesTr/b1_0001.nii.gz"), "t1");
    Files.writeString(root.resolve("labelsTr/b1.nii.gz"), "label");
    Files.writeString(
        root.resolve("dataset.json"),
        """
        {"channel_names": {"0": "FLAIR", "1": "T1w"}, "labels": {"background": 0, "edema": 1},
         "numTraining": 1, "file_ending": ".nii.gz"}
        """);
    Download.Request request =
        new Download.Request(
            "brain",
            List.of("FLAIR", "T1w"),
            Map.of(1, "edema"),
            new Source.Folder(root.toString()));
    new Download().run(request, told.context(folder.resolve("output")));
    RawDataset dataset = RawDataset.open(folder.resolve("output"));
    assertThat(dataset.folder()).endsWith(Path.of("Task42_Brain"));
    assertThat(dataset.training().get(0).images())
        .extracting(file -> file.getFileName().toString())
        .containsExactly("b1_0000.nii.gz", "b1_0001.nii.gz");
  }

  @Test
  void anArchiveAndAFolderOfArchivesAreUnpacked() throws IOException {
    listed(folder.resolve("given").resolve(PUBLISHED));
    Path archives = Files.createDirectories(folder.resolve("archives"));
    Path tar = Archives.tarGz(archives.resolve("synapse.tar.gz"), folder.resolve("given"));
    for (Path path : List.of(tar, archives)) {
      Trees.delete(folder.resolve("output"));
      RawDataset dataset = bring(path);
      assertThat(dataset.trainingIds()).containsExactly("img0001");
      assertThat(folder.resolve("output").resolve(FolderSource.UNPACKED)).doesNotExist();
    }
  }

  @Test
  void labelsAndModalitiesThatDisagreeAreListedSideBySide() throws IOException {
    listed(folder.resolve("given"));
    Download.Request wrong =
        new Download.Request(
            "synapse",
            List.of("MRI"),
            Map.of(1, "liver"),
            new Source.Folder(folder.resolve("given").toString()));
    assertThatThrownBy(() -> new Download().run(wrong, told.context(folder.resolve("output"))))
        .isInstanceOf(PermanentStepException.class)
        .hasMessageContaining("labels declared:   1 liver")
        .hasMessageContaining("labels in the data: 1 Spleen_left")
        .hasMessageContaining("modalities declared:   [MRI]")
        .hasMessageContaining("dataset.json");
  }

  @Test
  void aPathThatIsMissingOrNoArchiveIsNamed() throws IOException {
    Path nowhere = folder.resolve("nowhere");
    assertThatThrownBy(() -> bring(nowhere))
        .isInstanceOf(PermanentStepException.class)
        .hasMessageContaining("nowhere does not exist");
    Path text = Files.writeString(folder.resolve("a.zip"), "not a zip");
    assertThatThrownBy(() -> bring(text))
        .isInstanceOf(PermanentStepException.class)
        .hasMessageContaining("neither a folder nor a zip, tar or tar.gz archive");
  }

  @Test
  void aStopBetweenCasesIsHeeded() throws IOException {
    listed(folder.resolve("given"));
    assertThatThrownBy(
            () ->
                new Download()
                    .run(
                        request(folder.resolve("given")),
                        told.context(folder.resolve("output"), Optional.empty(), () -> true)))
        .isInstanceOf(StepStoppedException.class);
  }
}
