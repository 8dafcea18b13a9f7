package org.voxbench.steps.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.SplittableRandom;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.voxbench.steps.dataset.CaseGeometry;
import org.voxbench.steps.dataset.CropBox;
import org.voxbench.steps.volume.Grid;
import org.voxbench.steps.volume.GridShape;
import org.voxbench.steps.volume.Spacing;

final class RestorationTest {

  private static final int CLASSES = 3;
  private static final Spacing SPACING = new Spacing(1, 1, 1);

  @Property(tries = 100)
  void equalsTheDefinitionVoxelByVoxel(
      @ForAll @IntRange(min = 1, max = 7) int sizeZ,
      @ForAll @IntRange(min = 1, max = 7) int sizeY,
      @ForAll @IntRange(min = 1, max = 7) int sizeX,
      @ForAll @IntRange(min = 1, max = 9) int cropZ,
      @ForAll @IntRange(min = 1, max = 9) int cropX,
      @ForAll @IntRange(min = -1, max = 2) int separate) {
    GridShape prepared = new GridShape(sizeZ, sizeY, sizeX);
    CropBox crop = new CropBox(1, 0, 2, new GridShape(cropZ, 5, cropX));
    CaseGeometry geometry = geometry(prepared, crop, separate);
    float[] probabilities = noise(CLASSES * prepared.arrayLength());
    Restoration restoration = new Restoration(geometry, CLASSES);
    feed(restoration, prepared, probabilities, prepared.z());
    byte[] labels = restoration.labels();
    GridShape original = geometry.original().shape();
    for (int i = 0; i < labels.length; i++) {
      int z = i / (original.y() * original.x()) - crop.z();
      int y = i / original.x() % original.y() - crop.y();
      int x = i % original.x() - crop.x();
      boolean inside = z >= 0 && z < cropZ && y >= 0 && y < 5 && x >= 0 && x < cropX;
      if (!inside) {
        assertThat(labels[i]).isZero();
      } else {
        double found = value(geometry, probabilities, labels[i], z, y, x);
        for (int label = 0; label < CLASSES; label++) {
          assertThat(value(geometry, probabilities, label, z, y, x))
              .isLessThanOrEqualTo(found + 1e-6);
        }
      }
    }
  }

  @Example
  void anIncompletePredictionIsRefused() {
    GridShape prepared = new GridShape(4, 2, 2);
    Restoration restoration =
        new Restoration(geometry(prepared, CropBox.all(prepared), -1), CLASSES);
    feed(restoration, prepared, noise(CLASSES * 16), 2);
    assertThatThrownBy(restoration::labels)
        .hasMessageContaining("of 4 slices: the prediction is incomplete");
  }

  private static CaseGeometry geometry(GridShape prepared, CropBox crop, int separate) {
    GridShape original =
        new GridShape(crop.shape().z() + 2, crop.shape().y() + 1, crop.shape().x() + 3);
    return new CaseGeometry(Grid.of(original, SPACING), crop, prepared, SPACING, separate);
  }

  private static void feed(
      Restoration restoration, GridShape prepared, float[] probabilities, int slices) {
    int plane = prepared.y() * prepared.x();
    for (int z = 0; z < slices; z++) {
      float[] slice = new float[CLASSES * plane];
      for (int label = 0; label < CLASSES; label++) {
        System.arraycopy(
            probabilities, (label * prepared.z() + z) * plane, slice, label * plane, plane);
      }
      restoration.accept(z, slice);
    }
  }

  /** The resampled probability of one voxel of the crop, from the eight voxels around it. */
  private static double value(
      CaseGeometry geometry, float[] probabilities, int label, int z, int y, int x) {
    GridShape from = geometry.preparedShape();
    GridShape to = geometry.crop().shape();
    double[] at = {
      position(geometry, 0, z, from.z(), to.z()),
      position(geometry, 1, y, from.y(), to.y()),
      position(geometry, 2, x, from.x(), to.x())
    };
    double sum = 0;
    for (int corner = 0; corner < 8; corner++) {
      int[] voxel = new int[3];
      double weight = 1;
      for (int axis = 0; axis < 3; axis++) {
        int low = (int) Math.floor(at[axis]);
        int up = corner >> axis & 1;
        voxel[axis] = Math.min(low + up, from.along(axis) - 1);
        weight *= up == 1 ? at[axis] - low : 1 - at[axis] + low;
      }
      int index = ((label * from.z() + voxel[0]) * from.y() + voxel[1]) * from.x() + voxel[2];
      sum += weight * probabilities[index];
    }
    return sum;
  }

  private static double position(CaseGeometry geometry, int axis, int i, int from, int to) {
    double exact = Math.min(Math.max((double) from / to * (i + 0.5) - 0.5, 0), from - 1);
    return geometry.separateAxis() == axis ? Math.floor(exact + 0.5) : exact;
  }

  private static float[] noise(int length) {
    SplittableRandom random = new SplittableRandom(length);
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) random.nextDouble();
    }
    return values;
  }
}
