package org.voxbench.steps.preprocess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.voxbench.steps.PermanentStepException;
import org.voxbench.steps.StepStoppedException;
import org.voxbench.steps.StopSignal;
import org.voxbench.steps.dataset.CaseStore;
import org.voxbench.steps.dataset.PreparedDataset;
import org.voxbench.steps.volume.Grid;
import org.voxbench.steps.volume.GridShape;
import org.voxbench.steps.volume.LabelVolume;
import org.voxbench.steps.volume.Spacing;
import org.voxbench.steps.volume.Volume;

class SharedCasesTest {

  private static final StopSignal NEVER = () -> false;
  private static final Preprocess.Request CT = RawFixture.request("CT");

  @Test
  void aDatasetWithOneCaseMoreReusesTheOthers(@TempDir Path folder) throws IOException {
    RawFixture fixture = new RawFixture(folder).add("a").add("b").add("c").declare("CT");
    new Preprocess().run(CT, fixture.sharing(2, fixture.out, NEVER));
    assertThat(fixture.told).noneMatch(line -> line.contains("reused"));
    fixture.add("d").declare("CT");
    Path more = folder.resolve("more");
    Path alone = Files.createDirectories(folder.resolve("alone"));

    new Preprocess().run(CT, fixture.sharing(2, more, NEVER));
    new Preprocess().run(CT, fixture.context(2, alone, Optional.empty(), NEVER));

    assertThat(fixture.told).containsOnlyOnce("3 of 4 cases reused, prepared anew: d");
    assertThat(RawFixture.bytes(more)).isEqualTo(RawFixture.bytes(alone));
    PreparedDataset before = PreparedDataset.open(fixture.out);
    PreparedDataset after = PreparedDataset.open(more);
    assertThat(after.plan()).as("the statistics changed").isNotEqualTo(before.plan());
    assertThat(one(after)).as("and with them what is read").isNotEqualTo(one(before));
    assertThat(more.resolve("cases/a/image.f32"))
        .satisfies(
            file -> assertThat(key(file)).isEqualTo(key(fixture.out.resolve("cases/a/image.f32"))));
  }

  @Test
  void theSameScanUnderAnotherNameIsReused(@TempDir Path folder) throws IOException {
    RawFixture fixture = new RawFixture(folder.resolve("one")).add("a").declare("CT");
    RawFixture other = new RawFixture(folder.resolve("two")).add("renamed").declare("CT");
    new Preprocess().run(CT, fixture.sharing(1, fixture.out, NEVER));

    FileUtils.moveDirectory(fixture.shared().toFile(), other.shared().toFile());
    new Preprocess().run(CT, other.sharing(1, other.out, NEVER));

    assertThat(other.told).contains("1 of 1 cases reused");
    assertThat(PreparedDataset.open(other.out).find("renamed").shape()).isEqualTo(RawFixture.SHAPE);
  }

  @Test
  void anotherSpacingReusesNothing(@TempDir Path folder) throws IOException {
    RawFixture fixture = new RawFixture(folder).add("a").declare("CT");
    new Preprocess().run(CT, fixture.sharing(1, fixture.out, NEVER));
    PreprocessSettings coarse =
        new PreprocessSettings(TargetSpacing.of(List.of(3.0, 4.0, 3.0)), null, null, null);

    new Preprocess()
        .run(
            new Preprocess.Request(List.of("CT"), Map.of(1, "block"), coarse),
            fixture.sharing(1, folder.resolve("coarse"), NEVER));

    assertThat(fixture.told)
        .noneMatch(line -> line.contains("reused"))
        .contains(
            "1 of 1 cases are prepared again (a): spacing [3.0, 2.0, 1.5] mm -> spacing [3.0, 4.0,"
                + " 3.0] mm");
  }

  @Test
  void oneCaseThatShiftsTheMedianSpacingIsToldBeforeAllArePreparedAgain(@TempDir Path folder)
      throws IOException {
    RawFixture fixture = new RawFixture(folder).add("a").declare("CT");
    new Preprocess().run(CT, fixture.sharing(1, fixture.out, NEVER));
    GridShape shape = RawFixture.SHAPE;
    Grid coarse = Grid.of(shape, new Spacing(3, 3, 2.5));
    Volume image = Volume.of(coarse, RawFixture.image(shape, 6));
    fixture.add("b", image, new LabelVolume(coarse, RawFixture.block(shape, 1))).declare("CT");

    new Preprocess().run(CT, fixture.sharing(1, folder.resolve("more"), NEVER));

    String sentence =
        "1 of 2 cases are prepared again (a): spacing [3.0, 2.0, 1.5] mm -> spacing [3.0, 2.5, 2.0]"
            + " mm. The spacing is the median over the dataset (preprocess.spacing: auto), which"
            + " other cases have shifted; preprocess.spacing: [3.0, 2.0, 1.5] keeps what is"
            + " prepared";
    assertThat(fixture.told).contains(sentence);
    assertThat(fixture.told.indexOf(sentence))
        .isLessThan(fixture.told.indexOf("cases prepared 1/2"));
  }

  @Test
  void aCorruptCaseIsNamedAndRebuiltAlone(@TempDir Path folder) throws IOException {
    RawFixture fixture = new RawFixture(folder).add("a").add("b").declare("CT");
    new Preprocess().run(CT, fixture.sharing(2, fixture.out, NEVER));
    Map<String, String> sound = RawFixture.bytes(fixture.out);
    damage(fixture.out.resolve("cases/b/image.f32"));

    assertThatThrownBy(() -> PreparedDataset.open(fixture.out))
        .isInstanceOf(PermanentStepException.class)
        .hasMessageContaining("case b: image.f32 does not match its checksum")
        .hasMessageContaining("Run preprocess again")
        .hasMessageNotContaining("case a");
    Path again = folder.resolve("again");
    new Preprocess().run(CT, fixture.sharing(2, again, NEVER));

    assertThat(fixture.told)
        .contains(
            "case b: the shared copy's image.f32 does not match its checksum: prepared again",
            "1 of 2 cases reused, prepared anew: b");
    assertThat(RawFixture.bytes(again)).isEqualTo(sound);
    Path third = folder.resolve("third");
    new Preprocess().run(CT, fixture.sharing(2, third, NEVER));
    assertThat(fixture.told).contains("2 of 2 cases reused");
    assertThat(RawFixture.bytes(third)).isEqualTo(sound);
  }

  @Test
  void aStopKeepsFinishedCasesForALaterAttempt(@TempDir Path folder) throws IOException {
    RawFixture fixture = new RawFixture(folder).add("a").add("b").add("c").declare("CT");
    StopSignal afterOne = () -> fixture.told.contains("cases prepared 1/3");

    assertThatThrownBy(() -> new Preprocess().run(CT, fixture.sharing(1, fixture.out, afterOne)))
        .isInstanceOf(StepStoppedException.class)
        .hasMessageContaining("finished ones are kept");
    fixture.told.clear();
    Path second = folder.resolve("second");
    new Preprocess().run(CT, fixture.sharing(1, second, NEVER));

    assertThat(fixture.told).containsOnlyOnce("1 of 3 cases reused, prepared anew: b, c");
    Path alone = Files.createDirectories(folder.resolve("alone"));
    new Preprocess().run(CT, fixture.context(1, alone, Optional.empty(), NEVER));
    assertThat(RawFixture.bytes(second)).isEqualTo(RawFixture.bytes(alone));
  }

  @Test
  void aStoreOnAnotherDiskIsCopiedFrom(@TempDir Path folder) throws IOException {
    Path memory = Path.of("/dev/shm");
    assumeTrue(
        Files.isWritable(memory) && !Files.getFileStore(memory).equals(Files.getFileStore(folder)),
        "needs a second file system at /dev/shm");
    RawFixture fixture = new RawFixture(folder).add("a").declare("CT");
    Path elsewhere = Files.createTempDirectory(memory, "voxbench-test");
    try {
      new Preprocess().run(CT, fixture.sharing(1, elsewhere.resolve("out"), NEVER));
      new Preprocess().run(CT, fixture.sharing(1, elsewhere.resolve("again"), NEVER));

      assertThat(fixture.told).contains("1 of 1 cases reused");
      assertThat(RawFixture.bytes(elsewhere.resolve("again")))
          .isEqualTo(RawFixture.bytes(elsewhere.resolve("out")));
      assertThat(new CaseStore(fixture.shared()).entries())
          .singleElement()
          .satisfies(entry -> assertThat(entry.used()).isFalse());
    } finally {
      FileUtils.deleteDirectory(elsewhere.toFile());
    }
  }

  @Test
  void theStoreTellsWhichCasesNoOutputUses(@TempDir Path folder) throws IOException {
    RawFixture fixture = new RawFixture(folder).add("a").declare("CT");
    new Preprocess().run(CT, fixture.sharing(1, fixture.out, NEVER));
    CaseStore store = new CaseStore(fixture.shared());
    long bytes = RawFixture.SHAPE.voxels() * 5;

    assertThat(store.entries())
        .singleElement()
        .satisfies(entry -> assertThat(entry.used()).isTrue())
        .satisfies(entry -> assertThat(entry.bytes()).isBetween(bytes, bytes + 4096));
    FileUtils.deleteDirectory(fixture.out.toFile());
    assertThat(store.entries()).singleElement().matches(entry -> !entry.used());
    store.remove(store.entries().get(0));

    assertThat(store.entries()).isEmpty();
    new Preprocess().run(CT, fixture.sharing(1, fixture.out, NEVER));
    assertThat(fixture.told).noneMatch(line -> line.contains("reused"));
  }

  @Test
  void takingACaseAwayHarmsNoOutput(@TempDir Path folder) throws IOException {
    RawFixture fixture = new RawFixture(folder).add("a").declare("CT");
    new Preprocess().run(CT, fixture.sharing(1, fixture.out, NEVER));
    CaseStore store = new CaseStore(fixture.shared());

    store.remove(store.entries().get(0));

    assertThat(PreparedDataset.open(fixture.out).cases()).hasSize(1);
  }

  @Test
  void whatAKilledWorkerLeftHindersNobody(@TempDir Path folder) throws IOException {
    RawFixture fixture = new RawFixture(folder).add("a").declare("CT");
    new Preprocess().run(CT, fixture.sharing(1, fixture.out, NEVER));
    CaseStore store = new CaseStore(fixture.shared());
    Path whole = store.entries().get(0).folder();
    Path half = whole.resolveSibling(whole.getFileName() + ".tmp-1-" + Integer.MAX_VALUE);
    Files.move(whole, half);
    Files.delete(half.resolve("labels.i8"));
    Files.createFile(whole.resolveSibling(whole.getFileName() + ".lock"));

    new Preprocess().run(CT, fixture.sharing(1, folder.resolve("again"), NEVER));

    assertThat(PreparedDataset.open(folder.resolve("again")).cases()).hasSize(1);
    assertThat(store.entries()).hasSize(2);
    store.remove(store.entries().stream().filter(e -> e.folder().equals(half)).findAny().get());
    assertThat(half).doesNotExist();
  }

  @Test
  void equalScansOfOneDatasetAreStoredOnce(@TempDir Path folder) throws IOException {
    Grid grid = Grid.of(RawFixture.SHAPE, RawFixture.SPACING);
    RawFixture fixture =
        new RawFixture(folder)
            .add("twin1")
            .add(
                "twin2",
                Volume.of(grid, RawFixture.image(RawFixture.SHAPE, 5)),
                new LabelVolume(grid, RawFixture.block(RawFixture.SHAPE, 1)))
            .declare("CT");

    new Preprocess().run(CT, fixture.sharing(4, fixture.out, NEVER));

    assertThat(new CaseStore(fixture.shared()).entries()).as("equal scans, stored once").hasSize(1);
    assertThat(PreparedDataset.open(fixture.out).cases()).hasSize(2);
    assertThat(fixture.told)
        .contains(
            "the same scan under several names: twin1, twin2; take all but one of them out of the"
                + " dataset");
  }

  private static List<Float> one(PreparedDataset dataset) {
    float[] voxel = new float[1];
    dataset.find("a").image(0).read(0, voxel, 0, 1);
    return List.of(voxel[0]);
  }

  private static Object key(Path file) {
    try {
      return Files.getAttribute(file, "unix:ino");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  static void damage(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[100] ^= 1;
    assertThat(file.toFile().setWritable(true)).isTrue();
    Files.write(file, bytes);
  }
}
