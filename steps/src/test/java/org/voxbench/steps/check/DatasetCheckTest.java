package org.voxbench.steps.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.voxbench.steps.Resources;
import org.voxbench.steps.RunListener;
import org.voxbench.steps.StepContext;
import org.voxbench.steps.StepStoppedException;
import org.voxbench.steps.StopSignal;
import org.voxbench.steps.dataset.SplitConfig;
import org.voxbench.steps.volume.AffineRule;
import org.voxbench.steps.volume.Grid;
import org.voxbench.steps.volume.GridShape;
import org.voxbench.steps.volume.LabelVolume;
import org.voxbench.steps.volume.NiftiFile;
import org.voxbench.steps.volume.Spacing;
import org.voxbench.steps.volume.Volume;
import org.voxbench.steps.volume.VoxelType;

class DatasetCheckTest {

  private static final Grid GRID = Grid.of(new GridShape(4, 5, 6), new Spacing(3, 1, 1));

  @TempDir private Path folder = Path.of("set by JUnit");

  private static float[] voxels(int seed) {
    float[] voxels = new float[120];
    for (int index = 0; index < voxels.length; index++) {
      voxels[index] = seed * 1000 + index;
    }
    return voxels;
  }

  private static byte[] labels() {
    byte[] labels = new byte[120];
    Arrays.fill(labels, 0, 10, (byte) 1);
    Arrays.fill(labels, 10, 20, (byte) 2);
    return labels;
  }

  /** Sound cases {@code ids}, the n-th of which has the voxels of seed n + {@code seed}. */
  private Path dataset(String name, int seed, String... ids) throws IOException {
    Path root = folder.resolve(name);
    Files.createDirectories(root.resolve("imagesTr"));
    Files.createDirectories(root.resolve("labelsTr"));
    StringBuilder entries = new StringBuilder();
    for (String id : ids) {
      image(root, id, GRID, voxels(seed++));
      label(root, id, GRID, labels());
      entries
          .append(entries.length() == 0 ? "" : ",")
          .append(
              "{\"image\": \"./imagesTr/%s.nii.gz\", \"label\": \"./labelsTr/%s.nii.gz\"}"
                  .formatted(id, id));
    }
    Files.writeString(
        root.resolve("dataset.json"),
        """
        {"name": "%s", "modality": {"0": "CT"},
         "labels": {"0": "background", "1": "liver", "2": "spleen"}, "training": [%s]}
        """
            .formatted(name, entries));
    return root;
  }

  private static void image(Path root, String id, Grid grid, float[] voxels) throws IOException {
    NiftiFile.writeImage(
        root.resolve("imagesTr/" + id + ".nii.gz"), Volume.of(grid, voxels), VoxelType.FLOAT32);
  }

  private static void label(Path root, String id, Grid grid, byte[] labels) throws IOException {
    NiftiFile.writeLabels(
        root.resolve("labelsTr/" + id + ".nii.gz"), new LabelVolume(grid, labels));
  }

  private static final class Silent implements RunListener {
    @Override
    public void metric(String key, double value, long step) {}

    @Override
    public void progress(String task, long done, long total) {}

    @Override
    public void note(String sentence) {}
  }

  private static DatasetCheck.Subject subject(Path root, SplitConfig split, String patient) {
    return new DatasetCheck.Subject(
        String.valueOf(root.getFileName()),
        root,
        List.of(),
        Map.of(),
        Optional.of(split),
        patient,
        AffineRule.QFORM);
  }

  private static DatasetCheck.Subject subject(Path root) {
    return subject(root, new SplitConfig.Same(), "");
  }

  private static CheckReport check(DatasetCheck.Subject... subjects) throws IOException {
    return new DatasetCheck(context(() -> false, 1L << 30)).check(List.of(subjects));
  }

  private static StepContext context(StopSignal stop, long memoryBytes) {
    return new StepContext(
        Map.of(),
        Path.of("written to by nobody"),
        Optional.empty(),
        new Silent(),
        stop,
        new Resources(2, memoryBytes, "cpu"));
  }

  private static CaseVerdict only(CheckReport report) {
    return report.datasets().get(0).cases().get(0);
  }

  @Test
  void aSoundDatasetIsCalledSoundWithItsVoxelsPerClass() throws IOException {
    CheckReport report = check(subject(dataset("a", 1, "x", "y")));
    assertThat(report.sound()).isTrue();
    assertThat(only(report).verdict()).isEqualTo(Verdict.SOUND);
    assertThat(only(report).voxels()).isEqualTo(Map.of(1, 10L, 2, 10L));
    assertThat(report.duplicates()).isEmpty();
    assertThat(report.inWords()).endsWith("sound");
  }

  @Test
  void aNanVoxelAForeignLabelAndAnotherShapeEachQuarantineTheirCase() throws IOException {
    Path root = dataset("a", 1, "foreign", "fine", "nan", "shape");
    float[] broken = voxels(9);
    broken[7] = Float.NaN;
    image(root, "nan", GRID, broken);
    byte[] foreign = labels();
    foreign[50] = 9;
    label(root, "foreign", GRID, foreign);
    Grid other = Grid.of(new GridShape(4, 6, 5), new Spacing(3, 1, 1));
    label(root, "shape", other, labels());
    CheckReport report = check(subject(root));
    assertThat(report.sound()).isFalse();
    DatasetVerdict verdict = report.datasets().get(0);
    assertThat(verdict.quarantined()).containsExactly("foreign", "nan", "shape");
    assertThat(verdict.cases())
        .flatExtracting(CaseVerdict::findings)
        .extracting(Finding::problem)
        .anyMatch(problem -> problem.contains("value 9"))
        .anyMatch(problem -> problem.contains("NaN"))
        .anyMatch(problem -> problem.contains("has shape 4x6x5 but the image has 4x5x6"));
    assertThat(verdict.cases())
        .flatExtracting(CaseVerdict::findings)
        .extracting(Finding::repair)
        .allMatch(repair -> !repair.isEmpty());
    assertThat(report.inWords()).contains("quarantined: nan: ").endsWith("not sound");
  }

  @Test
  void aFileCutShortQuarantinesItsCaseAndTheOthersAreStillChecked() throws IOException {
    Path root = dataset("a", 1, "cut", "fine");
    Path file = root.resolve("imagesTr/cut.nii.gz");
    byte[] whole = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(whole, whole.length / 2));
    DatasetVerdict verdict = check(subject(root)).datasets().get(0);
    assertThat(verdict.quarantined()).containsExactly("cut");
    assertThat(verdict.cases().get(0).findings()).hasSize(1);
    assertThat(verdict.cases().get(0).content()).isEmpty();
    assertThat(verdict.cases().get(1).verdict()).isEqualTo(Verdict.SOUND);
  }

  @Test
  void anEmptyClassIsNotedButNotQuarantined() throws IOException {
    Path root = dataset("a", 1, "x");
    byte[] empty = labels();
    Arrays.fill(empty, 10, 20, (byte) 0);
    label(root, "x", GRID, empty);
    CheckReport report = check(subject(root));
    assertThat(report.sound()).isTrue();
    assertThat(only(report).verdict()).isEqualTo(Verdict.NOTED);
    assertThat(only(report).findings().get(0).problem()).isEqualTo("class 2 (spleen) has no voxel");
  }

  @Test
  void theSameScanInTwoDatasetsIsFoundWhateverItsNameTypeAndCompression() throws IOException {
    Path synapse = dataset("synapse", 1, "img0001", "img0002");
    Path btcv = dataset("btcv", 10, "a", "b");
    NiftiFile.writeImage(
        btcv.resolve("imagesTr/b.nii.gz"), Volume.of(GRID, voxels(2)), VoxelType.INT16);
    CheckReport report = check(subject(synapse), subject(btcv));
    assertThat(report.duplicates()).hasSize(1);
    assertThat(report.duplicates().get(0).cases()).containsExactly("synapse/img0002", "btcv/b");
    assertThat(report.duplicates().get(0).acrossDatasets()).isTrue();
    assertThat(report.inWords()).contains("same scan: synapse/img0002 = btcv/b");
  }

  @Test
  void theSameScanOnBothSidesOfASplitIsLeakage() throws IOException {
    Path root = dataset("a", 1, "x", "y", "z");
    image(root, "z", GRID, voxels(1));
    CheckReport report = check(subject(root, new SplitConfig.Listed(List.of("z"), null), ""));
    assertThat(report.sound()).isFalse();
    assertThat(report.datasets().get(0).problems())
        .containsExactly(
            "split: the same scan is on both sides: training has [x], validation has [z]; take one"
                + " of them out");
  }

  @Test
  void twinsInOneDatasetAreNotedAtEachWithTheRepair() throws IOException {
    Path root = dataset("a", 1, "x", "y", "z");
    image(root, "z", GRID, voxels(1));

    CheckReport report = check(subject(root));

    List<CaseVerdict> cases = report.datasets().get(0).cases();
    assertThat(cases)
        .extracting(CaseVerdict::verdict)
        .containsExactly(Verdict.NOTED, Verdict.SOUND, Verdict.NOTED);
    assertThat(cases.get(0).findings())
        .containsExactly(
            new Finding("the same scan as z", "take all but one of them out of the dataset"));
    assertThat(report.duplicates())
        .extracting(CheckReport.Duplicate::cases)
        .containsExactly(List.of("a/x", "a/z"));
  }

  @Test
  void aPatientOnBothSidesOfASplitIsNamed() throws IOException {
    Path root = dataset("a", 1, "p1_frame01", "p1_frame02", "p2_frame01");
    CheckReport report =
        check(subject(root, new SplitConfig.Listed(List.of("p1_frame02"), null), "^(.+)_frame"));
    assertThat(report.datasets().get(0).problems().get(0))
        .contains("patient 'p1' is on both sides");
  }

  @Test
  void missingFilesAreNamedAndTheRestIsChecked() throws IOException {
    Path root = dataset("a", 1, "x", "y");
    Files.delete(root.resolve("labelsTr/x.nii.gz"));
    DatasetVerdict verdict = check(subject(root)).datasets().get(0);
    assertThat(verdict.problems()).hasSize(1).allMatch(problem -> problem.contains("x.nii.gz"));
    assertThat(verdict.cases()).extracting(CaseVerdict::id).containsExactly("y");
  }

  @Test
  void theReportIsMachineReadable() throws IOException {
    Path root = dataset("a", 1, "x");
    image(root, "x", GRID, new float[120]);
    label(root, "x", GRID, new byte[120]);
    JsonNode json = JsonMapper.builder().build().valueToTree(check(subject(root)));
    assertThat(json.at("/sound").asBoolean()).isTrue();
    assertThat(json.at("/datasets/0/cases/0/verdict").asText()).isEqualTo("NOTED");
    assertThat(json.at("/datasets/0/cases/0/findings/0/repair").asText()).isNotEmpty();
  }

  @Test
  void aStopIsHeededBetweenCases() throws IOException {
    Path root = dataset("a", 1, "x");
    DatasetCheck check = new DatasetCheck(context(() -> true, 1L << 30));
    assertThatThrownBy(() -> check.check(List.of(subject(root))))
        .isInstanceOf(StepStoppedException.class);
  }

  @Test
  void aScanLargerThanTheMemoryIsNamedInsteadOfRead() throws IOException {
    Path root = dataset("a", 1, "x");
    Path small = folder.resolve("small.nii");
    NiftiFile.writeImage(small, Volume.of(GRID, new float[120]), VoxelType.INT16);
    try (RandomAccessFile file = new RandomAccessFile(small.toFile(), "rw")) {
      ByteBuffer sizes = ByteBuffer.allocate(6).order(ByteOrder.LITTLE_ENDIAN);
      file.seek(42);
      file.write(sizes.putShort((short) 400).putShort((short) 400).putShort((short) 700).array());
      file.setLength(352 + 2L * 400 * 400 * 700);
    }
    Files.move(small, root.resolve("imagesTr/x.nii.gz"), StandardCopyOption.REPLACE_EXISTING);

    CheckReport report =
        new DatasetCheck(context(() -> false, 256L << 20)).check(List.of(subject(root)));

    assertThat(report.sound()).isFalse();
    assertThat(only(report).findings().get(0).problem())
        .matches("not checked: reading it takes 644 MiB of memory but this process may use .* MiB");
    assertThat(only(report).findings().get(0).repair()).contains("raise resources.memory");
  }

  @Test
  void theContentOfAScanIsToldAlthoughItsLabelIsBad() throws IOException {
    Path root = dataset("a", 1, "x", "y");
    String sound = only(check(subject(root))).content();
    label(root, "x", Grid.of(new GridShape(4, 6, 4), new Spacing(3, 1, 1)), new byte[96]);
    assertThat(only(check(subject(root))).content()).isNotEmpty().isEqualTo(sound);
    Files.write(root.resolve("labelsTr/x.nii.gz"), new byte[10]);
    assertThat(only(check(subject(root))).content()).isEqualTo(sound);
  }

  @Test
  void anArchiveThatNamesNoLabelsMayHoldAnyAndThatIsRemarked() throws IOException {
    Path training = Files.createDirectories(folder.resolve("RawData/Training"));
    Files.createDirectories(training.resolve("img"));
    Files.createDirectories(training.resolve("label"));
    NiftiFile.writeImage(
        training.resolve("img/img0001.nii.gz"), Volume.of(GRID, voxels(1)), VoxelType.FLOAT32);
    NiftiFile.writeLabels(
        training.resolve("label/label0001.nii.gz"), new LabelVolume(GRID, labels()));

    CheckReport report = check(subject(folder.resolve("RawData")));

    assertThat(report.sound()).as(report.inWords()).isTrue();
    assertThat(report.inWords()).contains("label values were not checked");
  }

  @Test
  void swappedLabelNamesAreAProblemAndSpellingIsNone() throws IOException {
    Path root = dataset("a", 1, "x");
    DatasetCheck.Subject swapped = declared(root, Map.of(1, "spleen", 2, "liver"));
    DatasetCheck.Subject spelt = declared(root, Map.of(1, "Liver", 2, "SPLEEN"));

    assertThat(check(swapped).inWords()).contains("labels declared: {1=spleen, 2=liver}");
    assertThat(check(spelt).sound()).isTrue();
  }

  private static DatasetCheck.Subject declared(Path root, Map<Integer, String> labels) {
    return new DatasetCheck.Subject(
        "a", root, List.of("CT"), labels, Optional.empty(), "", AffineRule.QFORM);
  }
}
