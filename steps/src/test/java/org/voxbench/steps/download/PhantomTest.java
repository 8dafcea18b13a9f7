package org.voxbench.steps.download;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.voxbench.steps.PermanentStepException;
import org.voxbench.steps.StepResult;
import org.voxbench.steps.dataset.RawCase;
import org.voxbench.steps.dataset.RawDataset;
import org.voxbench.steps.volume.AffineRule;
import org.voxbench.steps.volume.Grid;
import org.voxbench.steps.volume.GridShape;
import org.voxbench.steps.volume.LabelVolume;
import org.voxbench.steps.volume.NiftiFile;
import org.voxbench.steps.volume.Volume;

class PhantomTest {

  @TempDir private Path folder = Path.of("set by JUnit");
  private final DownloadTesting told = new DownloadTesting();

  private RawDataset make(Download.Request request, String name) throws IOException {
    new Download().run(request, told.context(folder.resolve(name)));
    return RawDataset.open(folder.resolve(name));
  }

  @Test
  void theRequestIsReadFromTheJsonOfTheQuickstart() throws IOException {
    Download.Request request =
        JsonMapper.builder()
            .build()
            .readValue(
                """
                {"name": "phantom-ct", "modalities": ["CT"],
                 "labels": {"1": "liver", "2": "spleen", "3": "kidney", "4": "aorta", "5": "vessel"},
                 "source": {"kind": "phantom", "anatomy": "ct-abdomen", "cases": 10, "seed": 20}}
                """,
                new Download().requestType());
    assertThat(request).isEqualTo(DownloadTesting.phantom(10, 20));
  }

  @Test
  void theOutputIsThePublishedLayoutWithEveryClassInEveryScan() throws IOException {
    StepResult result =
        new Download().run(DownloadTesting.phantom(2, 20), told.context(folder.resolve("a")));
    assertThat(result.metrics()).containsEntry("download.training", 2.0);
    assertThat(result.artifacts())
        .containsExactly(
            "DATASET_Phantom/unetr_pp_raw/unetr_pp_raw_data/Task90_Phantom/dataset.json");
    RawDataset dataset = RawDataset.open(folder.resolve("a"));
    assertThat(dataset.trainingIds()).containsExactly("phantom_001", "phantom_002");
    for (var one : dataset.training()) {
      Volume image = NiftiFile.readImage(one.images().get(0));
      LabelVolume labels = NiftiFile.readLabels(one.label().orElseThrow());
      assertThat(labels.grid()).isEqualTo(image.grid());
      long[] count = new long[6];
      double[] sum = new double[6];
      for (int index = 0; index < labels.voxels().length; index++) {
        count[labels.voxels()[index]]++;
        sum[labels.voxels()[index]] += image.channel(0)[index];
      }
      assertThat(Arrays.stream(count)).as(one.id()).allMatch(voxels -> voxels > 500);
      assertThat(sum[1] / count[1]).isBetween(100.0, 130.0);
      assertThat(sum[5] / count[5]).isBetween(250.0, 320.0);
    }
  }

  @Test
  void theSameSeedGivesTheSameBytesAndAnotherSeedOthers() throws IOException {
    Path first = make(DownloadTesting.phantom(1, 7), "a").training().get(0).images().get(0);
    Path again = make(DownloadTesting.phantom(1, 7), "b").training().get(0).images().get(0);
    Path other = make(DownloadTesting.phantom(1, 8), "c").training().get(0).images().get(0);
    assertThat(again).hasSameBinaryContentAs(first);
    assertThat(Files.mismatch(first, other)).isNotEqualTo(-1);
  }

  @Test
  void aPatientDoesNotDependOnHowManyOthersThereAre() throws IOException {
    Path alone = make(DownloadTesting.phantom(1, 7), "a").training().get(0).images().get(0);
    Path among = make(DownloadTesting.phantom(3, 7), "b").training().get(0).images().get(0);
    assertThat(among).hasSameBinaryContentAs(alone);
  }

  @Test
  void gridsAreAnisotropicObliqueAndFlippedInDifferentWays() throws IOException {
    RawDataset dataset = make(DownloadTesting.phantom(6, 20), "a");
    long flips =
        dataset.training().stream()
            .map(one -> grid(one.images().get(0)))
            .map(grid -> List.of(grid.affine().at(0, 0) > 0, grid.affine().at(1, 1) > 0))
            .distinct()
            .count();
    assertThat(flips).isGreaterThan(1);
    for (var one : dataset.training()) {
      var grid = grid(one.images().get(0));
      assertThat(grid.spacing().z()).isBetween(2.6, 3.4);
      assertThat(grid.spacing().x()).isBetween(0.89, 1.11);
      assertThat(Math.abs(grid.affine().at(0, 1))).isGreaterThan(1e-4);
      assertThat(grid.shape().z()).isBetween(32, 48);
    }
  }

  private static Grid grid(Path file) {
    try {
      return NiftiFile.header(file, AffineRule.REFUSE).grid();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void labelsThatDisagreeWithTheAnatomyAreListedSideBySide() {
    Download.Request wrong =
        new Download.Request(
            "phantom-ct",
            List.of("CT"),
            Map.of(1, "spleen", 2, "liver"),
            new Source.Phantom("ct-abdomen", 1, 1));
    assertThatThrownBy(() -> make(wrong, "a"))
        .isInstanceOf(PermanentStepException.class)
        .hasMessageContaining("labels declared:   1 spleen, 2 liver")
        .hasMessageContaining("labels in the data: 1 liver, 2 spleen, 3 kidney, 4 aorta, 5 vessel");
  }

  @Test
  void anUnknownAnatomyIsAnsweredWithTheLegalOnes() {
    assertThatThrownBy(() -> make(DownloadTesting.request(new Source.Phantom("ct", 1, 1)), "a"))
        .isInstanceOf(PermanentStepException.class)
        .hasMessageContaining("ct-abdomen")
        .hasMessageContaining("found ct");
  }

  private static Download.Request of(String anatomy, int cases) {
    Anatomy known = Anatomy.named(anatomy);
    return new Download.Request(
        anatomy, known.modalities(), known.labels(), new Source.Phantom(anatomy, cases, 20));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ct-abdomen", "mr-cardiac", "mr-brain", "ct-chest"})
  void everyAnatomyHasAllItsClassesAndChannelsInEveryScan(String anatomy) throws IOException {
    Download.Request request = of(anatomy, 2);
    RawDataset dataset = make(request, "a");
    assertThat(dataset.labels()).isEqualTo(request.labels());
    for (RawCase one : dataset.training()) {
      assertThat(NiftiFile.header(one.images().get(0), AffineRule.REFUSE).channels())
          .isEqualTo(request.modalities().size());
      long[] voxels = counts(one);
      request.labels().keySet().forEach(label -> assertThat(voxels[label]).isGreaterThan(200));
    }
  }

  @Test
  void someChestsAndBrainsHaveNoTumour() throws IOException {
    List<RawCase> chests = make(of("ct-chest", 4), "chests").training();
    assertThat(counts(chests.get(2))[1]).isPositive();
    assertThat(counts(chests.get(3))[1]).isZero();
    List<RawCase> brains = make(of("mr-brain", 6), "brains").training();
    assertThat(counts(brains.get(3))[3]).as("no enhancing tumour").isZero();
    assertThat(counts(brains.get(3))[1]).as("but edema").isPositive();
    assertThat(Arrays.stream(counts(brains.get(5)), 1, 4)).as("no tumour").containsOnly(0L);
  }

  private static long[] counts(RawCase one) throws IOException {
    long[] count = new long[128];
    for (byte label : NiftiFile.readLabels(one.label().orElseThrow()).voxels()) {
      count[label]++;
    }
    return count;
  }

  @Test
  void theHeartHasTwoFramesPerPatientOfWhichTheSecondIsContracted() throws IOException {
    RawDataset dataset = make(of("mr-cardiac", 2), "a");
    assertThat(dataset.trainingIds())
        .containsExactly(
            "phantom_001_frame01",
            "phantom_001_frame02",
            "phantom_002_frame01",
            "phantom_002_frame02");
    RawCase relaxed = dataset.training().get(0);
    RawCase contracted = dataset.training().get(1);
    assertThat(grid(contracted.images().get(0))).isEqualTo(grid(relaxed.images().get(0)));
    double ejected = 1 - counts(contracted)[3] / (double) counts(relaxed)[3];
    assertThat(ejected).isBetween(0.4, 0.7);
  }

  @Test
  void theBrainIsZeroOutsideAndItsTumourRegionsAreNested() throws IOException {
    RawCase one = make(of("mr-brain", 1), "a").training().get(0);
    Volume image = NiftiFile.readImage(one.images().get(0));
    LabelVolume labels = NiftiFile.readLabels(one.label().orElseThrow());
    assertThat(image.channel(0)[0]).isZero();
    GridShape shape = labels.grid().shape();
    int row = shape.x();
    int slice = shape.y() * row;
    for (int index = slice; index < labels.voxels().length - slice; index++) {
      if (labels.voxels()[index] >= 2) {
        for (int step : new int[] {1, -1, row, -row, slice, -slice}) {
          assertThat(labels.voxels()[index + step]).as("beside voxel %d", index).isPositive();
        }
      }
    }
  }
}
