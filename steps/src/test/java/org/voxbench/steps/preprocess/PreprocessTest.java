package org.voxbench.steps.preprocess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.IntBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.voxbench.steps.PermanentStepException;
import org.voxbench.steps.StepResult;
import org.voxbench.steps.dataset.CropBox;
import org.voxbench.steps.dataset.PreparedCase;
import org.voxbench.steps.dataset.PreparedDataset;
import org.voxbench.steps.volume.Affine;
import org.voxbench.steps.volume.Grid;
import org.voxbench.steps.volume.GridShape;
import org.voxbench.steps.volume.LabelVolume;
import org.voxbench.steps.volume.Spacing;
import org.voxbench.steps.volume.Volume;

class PreprocessTest {

  @Test
  void casesArePreparedAndOpenedAgain(@TempDir Path folder) throws IOException {
    RawFixture fixture = new RawFixture(folder).add("a").add("b").declare("CT");

    StepResult result = new Preprocess().run(RawFixture.request("CT"), fixture.context(2));

    assertThat(result.metrics()).containsEntry("preprocess.cases", 2.0);
    PreparedDataset prepared = PreparedDataset.open(fixture.out);
    assertThat(prepared.cases()).extracting(PreparedCase::id).containsExactly("a", "b");
    assertThat(prepared.labels()).isEqualTo(Map.of(1, "block"));
    assertThat(prepared.plan().spacing()).isEqualTo(RawFixture.SPACING);
    PreparedCase one = prepared.find("a");
    assertThat(one.shape()).isEqualTo(RawFixture.SHAPE);
    assertThat(one.foregroundClasses()).containsExactly(1);
    IntBuffer locations = one.locations(1);
    assertThat(locations.remaining()).isEqualTo(3 * 4 * 5);
    while (locations.hasRemaining()) {
      assertThat(one.labels().get(locations.get())).isEqualTo((byte) 1);
    }
    assertThat(fixture.told).contains("cases prepared 2/2");
  }

  @Test
  void theSameInputGivesTheSameBytesWithAnyNumberOfThreads(@TempDir Path folder)
      throws IOException {
    RawFixture fixture = new RawFixture(folder).add("a").add("b").add("c").declare("CT");
    Path again = Files.createDirectories(folder.resolve("again"));

    new Preprocess().run(RawFixture.request("CT"), fixture.context(1));
    new Preprocess()
        .run(RawFixture.request("CT"), fixture.context(3, again, Optional.empty(), () -> false));

    assertThat(RawFixture.bytes(again)).isEqualTo(RawFixture.bytes(fixture.out)).isNotEmpty();
  }

  @Test
  void allBadCasesAreNamedAtOnceWithTheirRepair(@TempDir Path folder) throws IOException {
    Grid grid = Grid.of(RawFixture.SHAPE, RawFixture.SPACING);
    Grid coarse = Grid.of(RawFixture.SHAPE, new Spacing(6, 2, 1.5));
    Grid shifted =
        Grid.of(
            RawFixture.SHAPE,
            new Affine(List.of(1.5, 0.0, 0.0, 7.0, 0.0, 2.0, 0.0, 0.0, 0.0, 0.0, 3.0, 0.0)));
    GridShape small = new GridShape(12, 16, 19);
    float[] broken = RawFixture.image(RawFixture.SHAPE, 1);
    broken[1000] = Float.NaN;
    Volume image = Volume.of(grid, RawFixture.image(RawFixture.SHAPE, 1));
    byte[] block = RawFixture.block(RawFixture.SHAPE, 1);
    RawFixture fixture =
        new RawFixture(folder)
            .add("good")
            .add(
                "shape",
                image,
                new LabelVolume(Grid.of(small, RawFixture.SPACING), RawFixture.block(small, 1)))
            .add("spacing", image, new LabelVolume(coarse, block))
            .add("place", image, new LabelVolume(shifted, block))
            .add("nan", Volume.of(grid, broken), new LabelVolume(grid, block))
            .add("value", image, new LabelVolume(grid, RawFixture.block(RawFixture.SHAPE, 4)))
            .add("cut")
            .declare("CT");
    byte[] whole = Files.readAllBytes(fixture.imageFile("cut"));
    Files.write(fixture.imageFile("cut"), Arrays.copyOf(whole, whole.length - 100));

    assertThatThrownBy(() -> new Preprocess().run(RawFixture.request("CT"), fixture.context(2)))
        .isInstanceOf(PermanentStepException.class)
        .hasMessageContaining("6 problems in the raw data")
        .hasMessageContaining(
            "case shape: label shape.nii.gz has shape 12x16x19 but the image has 12x16x20; export"
                + " it again on the image's grid")
        .hasMessageContaining(
            "case spacing: label spacing.nii.gz has spacing [6.0, 2.0, 1.5] mm but the image has"
                + " [3.0, 2.0, 1.5] mm; if the two match voxel by voxel copy the image's header")
        .hasMessageContaining("case place: label place.nii.gz lies 7.00 mm off the image")
        .hasMessageContaining(
            "case nan: channel 0 holds 1 NaN or infinite voxels, the first at (z, y, x) = (3, 2,"
                + " 0); set them to 0")
        .hasMessageContaining(
            "case value: label value.nii.gz holds value 4 in 60 voxels but dataset.json knows 0 and"
                + " [1]; map the value to one of these or add it to labels")
        .hasMessageContaining("case cut: ")
        .hasMessageContaining("cut.nii.gz: expected a whole NIfTI file")
        .hasMessageNotContaining("case good");
    assertThat(fixture.out).isEmptyDirectory();
  }

  @Test
  void aCaseThatCannotFitTheMemoryIsNamedBeforeWorkStarts(@TempDir Path folder) throws IOException {
    RawFixture fixture = new RawFixture(folder).add("a").declare("CT");
    PreprocessSettings fine =
        new PreprocessSettings(TargetSpacing.of(List.of(0.01, 0.2, 0.2)), null, null, null);
    Preprocess.Request request = new Preprocess.Request(List.of("CT"), Map.of(1, "block"), fine);

    assertThatThrownBy(() -> new Preprocess().run(request, fixture.context(2)))
        .isInstanceOf(PermanentStepException.class)
        .hasMessageContaining(
            "expected every case to fit the memory budget of 256 MiB (of resources.memory, 256"
                + " MiB)")
        .hasMessageContaining(
            "case a: 12x16x20 at [3.0, 2.0, 1.5] mm needs 469 MiB at spacing [0.01, 0.2, 0.2] mm")
        .hasMessageContaining("Raise resources.memory to 470 MiB");
    assertThat(fixture.told).isEmpty();
  }

  @Test
  void aCaseThatDoesNotExistIsNotFoundByName(@TempDir Path folder) throws IOException {
    RawFixture fixture = new RawFixture(folder).add("a").declare("CT");
    new Preprocess().run(RawFixture.request("CT"), fixture.context(1));
    PreparedDataset prepared = PreparedDataset.open(fixture.out);

    assertThatThrownBy(() -> prepared.find("z"))
        .isInstanceOf(PermanentStepException.class)
        .hasMessage(
            "case z: expected one of the prepared cases [a]; mend the split or prepare this case"
                + " too");
  }

  @Test
  void magneticResonanceIsCroppedAndNormalisedInsideItsMask(@TempDir Path folder)
      throws IOException {
    GridShape shape = new GridShape(10, 12, 14);
    Grid grid = Grid.of(shape, new Spacing(1, 1, 1));
    float[] one = new float[shape.arrayLength()];
    float[] other = new float[shape.arrayLength()];
    for (int z = 3; z < 8; z++) {
      for (int y = 4; y < 9; y++) {
        for (int x = 5; x < 10; x++) {
          boolean corner = z == 3 && y == 4 && x == 5;
          boolean hole = z == 5 && y == 6 && x == 7;
          one[(z * 12 + y) * 14 + x] = corner || hole ? 0 : z + y * x;
          other[(z * 12 + y) * 14 + x] = corner || hole ? 0 : 100 - z;
        }
      }
    }
    byte[] labels = new byte[shape.arrayLength()];
    labels[(6 * 12 + 6) * 14 + 6] = 1;
    RawFixture fixture =
        new RawFixture(folder)
            .add("a", new Volume(grid, List.of(one, other)), new LabelVolume(grid, labels))
            .declare("FLAIR", "T1");

    new Preprocess().run(RawFixture.request("FLAIR", "T1"), fixture.context(1));

    PreparedDataset prepared = PreparedDataset.open(fixture.out);
    assertThat(prepared.plan().normalization())
        .allSatisfy(how -> assertThat(how.masked()).isTrue());
    PreparedCase mr = prepared.find("a");
    assertThat(mr.geometry().crop()).isEqualTo(new CropBox(3, 4, 5, new GridShape(5, 5, 5)));
    assertThat(mr.labels().get(0)).as("corner is outside").isEqualTo((byte) -1);
    assertThat(mr.labels().get((2 * 5 + 2) * 5 + 2)).as("hole is filled").isEqualTo((byte) 0);
    for (int channel = 0; channel < 2; channel++) {
      float[] voxels = new float[125];
      mr.image(channel).read(0, voxels, 0, 125);
      double sum = 0;
      double square = 0;
      for (int index = 1; index < 125; index++) {
        sum += voxels[index];
        square += voxels[index] * voxels[index];
      }
      assertThat(voxels[0]).isEqualTo(0);
      assertThat(sum / 124).isCloseTo(0, within(1e-6));
      assertThat(square / 124).isCloseTo(1, within(1e-5));
    }
  }
}
