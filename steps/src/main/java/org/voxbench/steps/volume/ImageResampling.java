package org.voxbench.steps.volume;

import java.util.function.IntConsumer;

/**
 * Resamples one channel. The coefficients along z replace the voxels; then each output slice is
 * made by itself: four coefficient slices summed, then rows, then columns. Besides input and output
 * only a few slices per thread are held.
 */
final class ImageResampling {

  private final float[] voxels;
  private final GridShape from;
  private final GridShape to;
  private final CubicAxis zAxis;
  private final CubicAxis yAxis;
  private final CubicAxis xAxis;
  private final float[] zPads;
  private final ValueRange range;

  ImageResampling(float[] voxels, GridShape from, GridShape to, int separateAxis) {
    this.voxels = voxels;
    this.from = from;
    this.to = to;
    zAxis = new CubicAxis(from.z(), to.z(), separateAxis == 0);
    yAxis = new CubicAxis(from.y(), to.y(), separateAxis == 1);
    xAxis = new CubicAxis(from.x(), to.x(), separateAxis == 2);
    zPads = new float[zAxis.cubic ? 2 * CubicAxis.PAD * from.y() * from.x() : 0];
    range = ValueRange.of(voxels, from, separateAxis);
  }

  float[] run(int threads) {
    if (zAxis.cubic) {
      Workers.forEach(from.y(), threads, this::zFilter);
    }
    float[] out = new float[to.arrayLength()];
    Workers.forEach(to.z(), threads, () -> new SlicePass(out));
    return out;
  }

  private IntConsumer zFilter() {
    int lanes = from.x();
    float[][] rows = zAxis.rows(lanes);
    return y -> {
      for (int z = 0; z < from.z(); z++) {
        System.arraycopy(voxels, at(z, y), rows[z + CubicAxis.PAD], 0, lanes);
      }
      CubicAxis.filter(rows, lanes);
      for (int row = 0; row < rows.length; row++) {
        int z = row - CubicAxis.PAD;
        boolean inside = z >= 0 && z < from.z();
        System.arraycopy(
            rows[row], 0, inside ? voxels : zPads, inside ? at(z, y) : padAt(z, y), lanes);
      }
    };
  }

  private int at(int z, int y) {
    return (z * from.y() + y) * from.x();
  }

  /** Place in {@code zPads} of a row at z = -2, -1, Z or Z + 1. */
  private int padAt(int z, int y) {
    int pad = z < 0 ? z + CubicAxis.PAD : z - from.z() + CubicAxis.PAD;
    return (pad * from.y() + y) * from.x();
  }

  /** One thread's work space and way through a slice. */
  private final class SlicePass implements IntConsumer {

    private final float[] out;
    private final float[][] plane = yAxis.rows(from.x());
    private final float[][] resampledRows = new float[to.y()][from.x()];
    private final float[][] columns = xAxis.rows(to.y());
    private final float[][] resampledColumns = new float[to.x()][to.y()];
    private int filledFrom = -1;
    private int filledSlice = -1;

    SlicePass(float[] out) {
      this.out = out;
    }

    @Override
    public void accept(int z) {
      int start = z * to.y() * to.x();
      if (!zAxis.cubic && filledFrom == zAxis.source(z)) {
        System.arraycopy(out, filledSlice * to.y() * to.x(), out, start, to.y() * to.x());
        return;
      }
      for (int y = 0; y < from.y(); y++) {
        fillRow(z, y, plane[y + CubicAxis.PAD]);
      }
      resample(yAxis, plane, resampledRows, from.x());
      Transposition.copy(resampledRows, to.y(), from.x(), columns, CubicAxis.PAD);
      resample(xAxis, columns, resampledColumns, to.y());
      Transposition.copy(resampledColumns, to.x(), to.y(), out, start);
      range.clip(out, to, z, new CubicAxis[] {zAxis, yAxis, xAxis});
      filledSlice = z;
      filledFrom = zAxis.cubic ? -1 : zAxis.source(z);
    }

    private void fillRow(int z, int y, float[] row) {
      int lanes = from.x();
      if (!zAxis.cubic) {
        System.arraycopy(voxels, at(zAxis.source(z), y), row, 0, lanes);
        return;
      }
      int first = zAxis.firstTap(z) - CubicAxis.PAD;
      for (int tap = 0; tap < 4; tap++) {
        int slice = first + tap;
        boolean inside = slice >= 0 && slice < from.z();
        add(
            inside ? voxels : zPads,
            inside ? at(slice, y) : padAt(slice, y),
            zAxis.weight(z, tap),
            row,
            tap == 0);
      }
    }

    private static void add(float[] source, int at, float weight, float[] row, boolean fresh) {
      if (fresh) {
        for (int lane = 0; lane < row.length; lane++) {
          row[lane] = weight * source[at + lane];
        }
      } else {
        for (int lane = 0; lane < row.length; lane++) {
          row[lane] += weight * source[at + lane];
        }
      }
    }

    private static void resample(CubicAxis axis, float[][] rows, float[][] target, int lanes) {
      if (axis.cubic) {
        CubicAxis.filter(rows, lanes);
      }
      for (int index = 0; index < axis.to; index++) {
        if (axis.cubic) {
          axis.sample(rows, index, target[index], lanes);
        } else {
          System.arraycopy(rows[axis.source(index) + CubicAxis.PAD], 0, target[index], 0, lanes);
        }
      }
    }
  }
}
