package org.voxbench.steps.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.voxbench.steps.PermanentStepException;

/** What every archive form must do alike, and the oddities of each. */
class DatasetLayoutTest {

  private static final String LISTED =
      """
      {"name": "Tiny", "modality": {"0": "CT"}, "labels": {"0": "background", "1": "liver"},
       "training": [{"image": "./imagesTr/img2.nii.gz", "label": "./labelsTr/label2.nii.gz"},
                    {"image": "./imagesTr/img1.nii.gz", "label": "./labelsTr/label1.nii.gz"}],
       "test": ["./imagesTs/img9.nii.gz"]}
      """;
  private static final String V2 =
      """
      {"name": "Tiny", "channel_names": {"0": "CT"}, "labels": {"background": 0, "liver": 1},
       "numTraining": 2, "file_ending": ".nii.gz"}
      """;

  @TempDir private Path folder = Path.of("set by JUnit");

  private static Path put(Path file, String content) throws IOException {
    Files.createDirectories(file.resolveSibling("."));
    return Files.writeString(file, content);
  }

  private static void listed(Path root) throws IOException {
    put(root.resolve("dataset.json"), LISTED);
    for (String name :
        new String[] {
          "imagesTr/img1", "imagesTr/img2", "labelsTr/label1", "labelsTr/label2", "imagesTs/img9"
        }) {
      put(root.resolve(name + ".nii.gz"), name);
    }
  }

  private static void v2(Path root) throws IOException {
    put(root.resolve("dataset.json"), V2);
    for (String name :
        new String[] {
          "imagesTr/img1_0000",
          "imagesTr/img2_0000",
          "labelsTr/img1",
          "labelsTr/img2",
          "imagesTs/img9_0000"
        }) {
      put(root.resolve(name + ".nii.gz"), name);
    }
  }

  private interface Maker {
    void make(Path folder) throws IOException;
  }

  private record Form(String title, Maker maker) {
    @Override
    public String toString() {
      return title;
    }
  }

  static Stream<Form> forms() {
    return Stream.of(
        new Form(
            "published UNETR++ raw layout",
            root ->
                listed(root.resolve("DATASET_Tiny/unetr_pp_raw/unetr_pp_raw_data/Task02_Tiny"))),
        new Form(
            "Medical Segmentation Decathlon layout", root -> listed(root.resolve("Task02_Tiny"))),
        new Form("nnU-Net v2 layout", root -> v2(root.resolve("Dataset002_Tiny"))));
  }

  @ParameterizedTest
  @MethodSource("forms")
  void everyFormGivesTheSameDataset(Form form) throws IOException {
    form.maker().make(folder);
    RawDataset dataset = RawDataset.open(folder);
    assertThat(dataset.layout()).isEqualTo(form.title());
    assertThat(dataset.name()).isEqualTo("Tiny");
    assertThat(dataset.modalities()).containsExactly("CT");
    assertThat(dataset.labels()).isEqualTo(Map.of(1, "liver"));
    assertThat(dataset.trainingIds()).containsExactly("img1", "img2");
    assertThat(dataset.test()).extracting(RawCase::id).containsExactly("img9");
    RawCase second = dataset.training().get(1);
    assertThat(second.images()).hasSize(1).allMatch(Files::isRegularFile);
    assertThat(second.label()).get().asString().contains("2.nii.gz");
  }

  @ParameterizedTest
  @MethodSource("forms")
  void everyFormNamesAMissingImageAMissingLabelAndAStrayLabelAtOnce(Form form) throws IOException {
    form.maker().make(folder);
    RawDataset whole = RawDataset.open(folder);
    Files.delete(whole.training().get(0).label().orElseThrow());
    Files.delete(whole.training().get(1).images().get(0));
    put(whole.folder().resolve("labelsTr/stray.nii.gz"), "");
    assertThatThrownBy(() -> RawDataset.open(folder))
        .isInstanceOf(PermanentStepException.class)
        .hasMessageContaining("problems")
        .hasMessageContaining("1.nii.gz: label of img1 is missing")
        .hasMessageContaining("stray.nii.gz: label without an image");
  }

  @ParameterizedTest
  @MethodSource("forms")
  void everyFormPassesOverWhatAMacLeftInTheArchive(Form form) throws IOException {
    form.maker().make(folder);
    Path root = RawDataset.open(folder).folder();
    put(root.resolve("labelsTr/._img1.nii.gz"), "");
    put(root.resolve("imagesTr/._img1_0000.nii.gz"), "");
    assertThat(RawDataset.open(folder).trainingIds()).hasSize(2);
  }

  @Test
  void theDerivedTaskFolderBesideThePublishedOneIsPassedOver() throws IOException {
    Path data = folder.resolve("DATASET_Tiny/unetr_pp_raw/unetr_pp_raw_data");
    listed(data.resolve("Task02_Tiny"));
    listed(data.resolve("Task002_Tiny"));
    assertThat(RawDataset.open(folder).folder()).endsWith(Path.of("Task02_Tiny"));
  }

  @Test
  void severalModalitiesMayLieInOneFileOrInOnePerChannel() throws IOException {
    String json = LISTED.replace("{\"0\": \"CT\"}", "{\"0\": \"FLAIR\", \"1\": \"T1w\"}");
    listed(folder);
    put(folder.resolve("dataset.json"), json);
    assertThat(RawDataset.open(folder).training().get(0).images()).hasSize(1);
    for (String id : new String[] {"imagesTr/img1", "imagesTr/img2", "imagesTs/img9"}) {
      Files.delete(folder.resolve(id + ".nii.gz"));
      put(folder.resolve(id + "_0000.nii.gz"), "");
      put(folder.resolve(id + "_0001.nii.gz"), "");
    }
    assertThat(RawDataset.open(folder).training().get(0).images())
        .extracting(path -> path.getFileName().toString())
        .containsExactly("img1_0000.nii.gz", "img1_0001.nii.gz");
    Files.delete(folder.resolve("imagesTr/img1_0001.nii.gz"));
    assertThatThrownBy(() -> RawDataset.open(folder))
        .hasMessageContaining("img1_0001.nii.gz: image of this channel is missing");
  }

  @Test
  void aTestEntryThatIsAlsoATrainingCaseIsUsedOnceAndRemarked() throws IOException {
    listed(folder);
    put(folder.resolve("dataset.json"), LISTED.replace("imagesTs/img9", "imagesTs/img1"));
    RawDataset dataset = RawDataset.open(folder);
    assertThat(dataset.test()).isEmpty();
    assertThat(dataset.remarks()).anyMatch(remark -> remark.contains("also is"));
  }

  @Test
  void malformedJsonIsNamedWithLineAndColumn() throws IOException {
    listed(folder);
    put(folder.resolve("dataset.json"), "{\"name\": \"Tiny\",\n  \"labels\": }");
    assertThatThrownBy(() -> RawDataset.open(folder))
        .isInstanceOf(PermanentStepException.class)
        .hasMessageContaining("dataset.json: line 2, column")
        .hasMessageContaining("not valid JSON");
  }

  @Test
  void everyWrongFieldIsNamedAtOnce() throws IOException {
    listed(folder);
    put(
        folder.resolve("dataset.json"),
        """
        {"modality": "CT", "labels": {"1": "liver", "200": "giant", "2": ["a"]},
         "training": [{"image": 7}, {"image": "./imagesTr/img1.nii.gz"},
                      {"image": "../../etc/passwd", "label": "./labelsTr/label2.nii.gz"}]}
        """);
    assertThatThrownBy(() -> RawDataset.open(folder))
        .hasMessageContaining("modality: expected an object but found \"CT\"")
        .hasMessageContaining("expected a voxel value from 0 to 127 but 'giant' has 200")
        .hasMessageContaining("training[0]: expected {\"image\": FILE, \"label\": FILE}")
        .hasMessageContaining("no label is listed for it")
        .hasMessageContaining("'../../etc/passwd' leads out of the dataset's folder");
  }

  @Test
  void twoImagesWithOneIdAreNamed() throws IOException {
    listed(folder);
    put(folder.resolve("imagesTr/img1.nii"), "");
    put(
        folder.resolve("dataset.json"),
        LISTED.replace("imagesTr/img2.nii.gz", "imagesTr/img1.nii"));
    assertThatThrownBy(() -> RawDataset.open(folder))
        .hasMessageContaining("two images have the case id 'img1'");
  }

  @Test
  void aFolderWithoutADatasetSaysWhatWasExpected() throws IOException {
    assertThatThrownBy(() -> RawDataset.open(folder))
        .hasMessageContaining("expected dataset.json beside imagesTr and labelsTr");
    assertThatThrownBy(() -> RawDataset.open(folder.resolve("nowhere")))
        .hasMessageContaining("expected a folder but it is missing");
    put(folder.resolve("a/imagesTr/x.nii.gz"), "");
    assertThatThrownBy(() -> RawDataset.open(folder))
        .hasMessageContaining("has imagesTr but no dataset.json");
  }

  @Test
  void twoDatasetsInOneFolderHaveToBeToldApart() throws IOException {
    listed(folder.resolve("a"));
    listed(folder.resolve("b"));
    assertThatThrownBy(() -> RawDataset.open(folder))
        .hasMessageContaining("expected one dataset but found [a, b]; point at one of them");
  }

  @Test
  void anEndingOtherThanNiftiIsExplained() throws IOException {
    v2(folder);
    put(folder.resolve("dataset.json"), V2.replace("\".nii.gz\"", "\".png\""));
    assertThatThrownBy(() -> RawDataset.open(folder))
        .hasMessageContaining("file_ending: expected .nii.gz or .nii but found .png");
  }

  @Test
  void acdcIsReadAsItsChallengeHandsItOut() throws IOException {
    Path training = folder.resolve("ACDC/database/training/patient007");
    for (String name : new String[] {"_4d", "_frame01", "_frame01_gt", "_frame07", "_frame07_gt"}) {
      put(training.resolve("patient007" + name + ".nii.gz"), "");
    }
    put(folder.resolve("ACDC/database/testing/patient101/patient101_frame01.nii.gz"), "");
    RawDataset dataset = RawDataset.open(folder);
    assertThat(dataset.trainingIds()).containsExactly("patient007_frame01", "patient007_frame07");
    assertThat(dataset.training().get(0).label()).get().asString().endsWith("01_gt.nii.gz");
    assertThat(dataset.labels()).isEmpty();
    assertThat(dataset.remarks()).anyMatch(remark -> remark.contains("testing: not used"));
    Files.delete(training.resolve("patient007_frame07.nii.gz"));
    Files.delete(training.resolve("patient007_frame01_gt.nii.gz"));
    assertThatThrownBy(() -> RawDataset.open(folder))
        .hasMessageContaining("patient007_frame07_gt.nii.gz: label without an image")
        .hasMessageContaining(
            "patient007_frame01_gt.nii.gz: label of patient007_frame01 is missing");
  }

  @Test
  void btcvIsReadAsItsChallengeHandsItOut() throws IOException {
    for (String name :
        new String[] {"Training/img/img0001", "Training/label/label0001", "Testing/img/img0061"}) {
      put(folder.resolve("RawData").resolve(name + ".nii.gz"), "");
    }
    RawDataset dataset = RawDataset.open(folder);
    assertThat(dataset.trainingIds()).containsExactly("img0001");
    assertThat(dataset.test()).extracting(RawCase::id).containsExactly("img0061");
    put(folder.resolve("RawData/Training/label/label0002.nii.gz"), "");
    assertThatThrownBy(() -> RawDataset.open(folder))
        .hasMessageContaining("label0002.nii.gz: label without an image");
  }
}
