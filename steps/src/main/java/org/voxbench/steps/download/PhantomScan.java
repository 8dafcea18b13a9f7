package org.voxbench.steps.download;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.voxbench.steps.volume.Affine;
import org.voxbench.steps.volume.Grid;
import org.voxbench.steps.volume.GridShape;
import org.voxbench.steps.volume.LabelVolume;
import org.voxbench.steps.volume.Volume;

/**
 * A scan of a made-up patient: whole-numbered intensities and labels on an oblique, possibly
 * flipped grid.
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record PhantomScan(Volume image, LabelVolume labels) {

  /**
   * Scans one patient.
   *
   * @param seed the dataset's
   * @param patient from 1
   * @param frame from 0; frames share the grid and the patient
   */
  static PhantomScan of(Anatomy anatomy, long seed, int patient, int frame) {
    Draw draw = new Draw(seed).of(patient);
    Grid grid = grid(anatomy.sampling(), draw.of("grid"));
    PhantomPatient body = new PhantomPatient(anatomy, draw, patient, frame);
    return new Painter(anatomy, body, draw.of("noise").of(frame), grid).paint();
  }

  private static Grid grid(Anatomy.Sampling sampling, Draw draw) {
    int[] size = new int[3];
    double[][] columns = new double[3][];
    double[][] turn = rotation(sampling.tilt(), draw.of("tilt"));
    for (int axis = 0; axis < 3; axis++) {
      size[axis] = sampling.size()[axis] + draw.below(sampling.sizeRange()[axis] + 1, axis);
      double spacing =
          sampling.spacing()[axis] * (1 + draw.symmetric(3 + axis) * sampling.spacingRange());
      double signed = draw.below(2, 6 + axis) == 0 ? spacing : -spacing;
      int world = 2 - axis;
      columns[axis] = new double[] {turn[0][world], turn[1][world], turn[2][world]};
      for (int row = 0; row < 3; row++) {
        columns[axis][row] *= signed;
      }
    }
    Double[] rows = new Double[12];
    for (int row = 0; row < 3; row++) {
      double corner = Math.rint(draw.symmetric(9 + row) * 200);
      for (int axis = 0; axis < 3; axis++) {
        rows[row * 4 + 2 - axis] = columns[axis][row];
        corner -= columns[axis][row] * (size[axis] - 1) / 2;
      }
      rows[row * 4 + 3] = corner;
    }
    return Grid.of(GridShape.of(size), new Affine(Arrays.asList(rows)));
  }

  /** About x, then y, then z; StrictMath, so that all platforms agree. */
  private static double[][] rotation(double tilt, Draw draw) {
    double[][] turn = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}};
    for (int axis = 0; axis < 3; axis++) {
      double angle = StrictMath.toRadians(draw.symmetric(axis) * tilt);
      int first = (axis + 1) % 3;
      int second = (axis + 2) % 3;
      for (int column = 0; column < 3; column++) {
        double a = turn[first][column];
        double b = turn[second][column];
        turn[first][column] = StrictMath.cos(angle) * a - StrictMath.sin(angle) * b;
        turn[second][column] = StrictMath.sin(angle) * a + StrictMath.cos(angle) * b;
      }
    }
    return turn;
  }

  /** Walks the grid. The scanner's origin lies in the middle of the patient. */
  private static final class Painter {

    private final Anatomy anatomy;
    private final List<Draw> noise;
    private final double[] intensities;
    private final PhantomPatient patient;
    private final Grid grid;
    private final List<float[]> channels = new ArrayList<>();
    private final byte[] labels;

    Painter(Anatomy anatomy, PhantomPatient patient, Draw grain, Grid grid) {
      this.anatomy = anatomy;
      this.intensities = new double[anatomy.modalities().size()];
      this.noise = IntStream.range(0, intensities.length).mapToObj(grain::of).toList();
      this.patient = patient;
      this.grid = grid;
      this.labels = new byte[grid.shape().arrayLength()];
      anatomy.modalities().forEach(modality -> channels.add(new float[labels.length]));
    }

    PhantomScan paint() {
      GridShape shape = grid.shape();
      double[] point = new double[3];
      int index = 0;
      for (int z = 0; z < shape.z(); z++) {
        for (int y = 0; y < shape.y(); y++) {
          for (int x = 0; x < shape.x(); x++) {
            place(
                point,
                x - (shape.x() - 1) / 2.0,
                y - (shape.y() - 1) / 2.0,
                z - (shape.z() - 1) / 2.0);
            voxel(point, index++);
          }
        }
      }
      return new PhantomScan(new Volume(grid, channels), new LabelVolume(grid, labels));
    }

    private void place(double[] point, double x, double y, double z) {
      for (int row = 0; row < 3; row++) {
        point[row] =
            grid.affine().at(row, 0) * x
                + grid.affine().at(row, 1) * y
                + grid.affine().at(row, 2) * z;
      }
    }

    private void voxel(double[] point, int index) {
      System.arraycopy(anatomy.air(), 0, intensities, 0, intensities.length);
      int label = patient.paint(point, intensities);
      labels[index] = (byte) Math.max(0, label);
      for (int channel = 0; channel < intensities.length; channel++) {
        boolean empty = label < 0 && anatomy.air()[channel] == 0;
        double grain = empty ? 0 : anatomy.noise()[channel] * noise.get(channel).normal(index);
        channels.get(channel)[index] = Math.round(intensities[channel] + grain);
      }
    }
  }
}
