package org.voxbench.steps.volume;

/**
 * Cubic B-spline interpolation along one axis whose ends are extended by their edge voxel, sampled
 * at {@code from / to * (i + 0.5) - 0.5}: what scikit-image's {@code resize(order=3, mode='edge')}
 * computes. Works on rows: arrays that hold one voxel of many lines each, so that the recursion
 * along the axis runs over all lines at once.
 *
 * <p>An axis that keeps its size, or is to be sampled by nearest neighbour, needs no filter: {@link
 * #cubic} is false and each output row is a copy of one input row.
 */
final class CubicAxis {

  /** Rows of edge voxels on either side; a cubic spline reaches two beyond the last voxel. */
  static final int PAD = 2;

  private static final float POLE = (float) (Math.sqrt(3) - 2);
  private static final float STEADY = 1 / (1 - POLE);
  private static final float DECAY = 1 / (1 - POLE * POLE);

  final int from;
  final int to;
  final boolean cubic;

  /** First of the four padded rows under an output row; its one unpadded row if not cubic. */
  private final int[] first;

  private final float[] weights;

  CubicAxis(int from, int to, boolean nearest) {
    this.from = from;
    this.to = to;
    cubic = !nearest && from != to;
    first = new int[to];
    weights = new float[cubic ? 4 * to : 0];
    double scale = (double) from / to;
    for (int index = 0; index < to; index++) {
      double at = scale * (index + 0.5) - 0.5;
      if (cubic) {
        first[index] = (int) Math.floor(at) - 1 + PAD;
        setWeights(index, at - Math.floor(at));
      } else {
        first[index] = nearest(at, from);
      }
    }
  }

  static int nearest(double at, int size) {
    return (int) Math.max(0, Math.min(size - 1, Math.floor(at + 0.5)));
  }

  /** Six times the B-spline: the filter leaves out its gain of six. */
  private void setWeights(int index, double t) {
    double u = 1 - t;
    weights[4 * index] = (float) (u * u * u);
    weights[4 * index + 1] = (float) (4 - 6 * t * t + 3 * t * t * t);
    weights[4 * index + 2] = (float) (4 - 6 * u * u + 3 * u * u * u);
    weights[4 * index + 3] = (float) (t * t * t);
  }

  /** The input row of an output row, for an axis that is not cubic. */
  int source(int index) {
    return first[index];
  }

  int firstTap(int index) {
    return first[index];
  }

  /** Work space for {@link #filter}: padded rows for {@code lanes} lines. */
  float[][] rows(int lanes) {
    return new float[from + 2 * PAD][lanes];
  }

  /** Turns voxels in rows PAD to PAD + from - 1 into spline coefficients in all padded rows. */
  static void filter(float[][] rows, int lanes) {
    int last = rows.length - 1;
    for (int pad = 0; pad < PAD; pad++) {
      System.arraycopy(rows[PAD], 0, rows[pad], 0, lanes);
      System.arraycopy(rows[last - PAD], 0, rows[last - pad], 0, lanes);
    }
    start(rows[0], lanes);
    float[] edge = rows[last].clone();
    for (int row = 1; row <= last; row++) {
      forward(rows[row], rows[row - 1], lanes);
    }
    turn(rows[last], edge, lanes);
    for (int row = last - 1; row >= 0; row--) {
      backward(rows[row], rows[row + 1], lanes);
    }
  }

  private static void start(float[] row, int lanes) {
    for (int lane = 0; lane < lanes; lane++) {
      row[lane] *= STEADY;
    }
  }

  private static void forward(float[] row, float[] previous, int lanes) {
    for (int lane = 0; lane < lanes; lane++) {
      row[lane] += POLE * previous[lane];
    }
  }

  /** The sum over the endless edge: a steady part and one that decays. */
  private static void turn(float[] row, float[] edge, int lanes) {
    for (int lane = 0; lane < lanes; lane++) {
      float steady = edge[lane] * STEADY;
      row[lane] = -POLE * (steady * STEADY + (row[lane] - steady) * DECAY);
    }
  }

  private static void backward(float[] row, float[] next, int lanes) {
    for (int lane = 0; lane < lanes; lane++) {
      row[lane] = POLE * (next[lane] - row[lane]);
    }
  }

  /** One output row from the coefficients of {@link #filter}. */
  void sample(float[][] rows, int index, float[] out, int lanes) {
    int row = first[index];
    float[] a = rows[row];
    float[] b = rows[row + 1];
    float[] c = rows[row + 2];
    float[] d = rows[row + 3];
    float wa = weight(index, 0);
    float wb = weight(index, 1);
    float wc = weight(index, 2);
    float wd = weight(index, 3);
    for (int lane = 0; lane < lanes; lane++) {
      out[lane] = wa * a[lane] + wb * b[lane] + wc * c[lane] + wd * d[lane];
    }
  }

  float weight(int index, int tap) {
    return weights[4 * index + tap];
  }
}
