package org.voxbench.steps.volume;

import java.util.Arrays;

/**
 * The way back from class probabilities at the prepared resolution to labels at the original one
 * (recipe section 5.3): linear, by nearest neighbour along the separate axis, then the class of
 * largest probability, the lowest of a tie. Slices go in and come out in the order of z; no more
 * than two of them are held, so a scan of any length with any number of classes fits.
 *
 * <p>Not for use by several threads.
 */
public final class ProbabilityResampler {

  private final int classes;
  private final LinearAxis zAxis;
  private final LinearAxis yAxis;
  private final LinearAxis xAxis;
  private final Sink sink;
  private final float[][] held;
  private final float[] between;
  private final float[] row;
  private final float[] best;
  private final byte[] labels;
  private int received;
  private int handedOut;

  /** Takes finished slices. */
  @FunctionalInterface
  public interface Sink {

    /**
     * One slice.
     *
     * @param z its place in the original grid, from 0 upwards
     * @param labels class per voxel (y, x); valid during the call only
     */
    void accept(int z, byte[] labels);
  }

  /**
   * A resampler for one scan.
   *
   * @param classes 1 to 127, background included
   * @param from shape of the probabilities
   * @param to shape of the labels: that of the cropped original scan
   * @param separateAxis from {@link Resampler#separateAxis}, -1 for none
   */
  public ProbabilityResampler(
      int classes, GridShape from, GridShape to, int separateAxis, Sink sink) {
    if (classes < 1 || classes > Byte.MAX_VALUE) {
      throw new IllegalArgumentException("classes: expected 1 to 127 but was " + classes);
    }
    this.classes = classes;
    this.sink = sink;
    zAxis = new LinearAxis(from.z(), to.z(), separateAxis == 0);
    yAxis = new LinearAxis(from.y(), to.y(), separateAxis == 1);
    xAxis = new LinearAxis(from.x(), to.x(), separateAxis == 2);
    held = new float[2][classes * from.y() * from.x()];
    between = new float[from.y() * from.x()];
    row = new float[from.x()];
    best = new float[to.y() * to.x()];
    labels = new byte[to.y() * to.x()];
  }

  /**
   * Takes the next slice along z and hands out every slice that it completes.
   *
   * @param probabilities (class, y, x); copied
   * @throws IllegalStateException when all slices were given already
   */
  public void accept(float[] probabilities) {
    if (received == zAxis.from) {
      throw new IllegalStateException("all " + zAxis.from + " slices were given already");
    }
    if (probabilities.length != held[0].length) {
      throw new IllegalArgumentException(
          "probabilities: expected %d values (class, y, x) but was %d"
              .formatted(held[0].length, probabilities.length));
    }
    System.arraycopy(probabilities, 0, held[received % 2], 0, probabilities.length);
    received++;
    while (handedOut < zAxis.to && zAxis.high[handedOut] < received) {
      resample(handedOut);
      sink.accept(handedOut, labels);
      handedOut++;
    }
  }

  /** Whether every slice of the original grid was handed out. */
  public boolean isComplete() {
    return handedOut == zAxis.to;
  }

  private void resample(int z) {
    Arrays.fill(best, Float.NEGATIVE_INFINITY);
    float[] low = held[zAxis.low[z] % 2];
    float[] high = held[zAxis.high[z] % 2];
    float share = (float) zAxis.share[z];
    int size = between.length;
    for (int label = 0; label < classes; label++) {
      mix(low, label * size, high, label * size, share, between);
      for (int y = 0; y < yAxis.to; y++) {
        int lowRow = yAxis.low[y] * xAxis.from;
        int highRow = yAxis.high[y] * xAxis.from;
        mix(between, lowRow, between, highRow, (float) yAxis.share[y], row);
        compete(y * xAxis.to, (byte) label);
      }
    }
  }

  private static void mix(float[] a, int atA, float[] b, int atB, float share, float[] out) {
    if (share == 0) {
      System.arraycopy(a, atA, out, 0, out.length);
      return;
    }
    float rest = 1 - share;
    for (int index = 0; index < out.length; index++) {
      out[index] = rest * a[atA + index] + share * b[atB + index];
    }
  }

  private void compete(int at, byte label) {
    for (int x = 0; x < xAxis.to; x++) {
      float low = row[xAxis.low[x]];
      float value = low + (float) xAxis.share[x] * (row[xAxis.high[x]] - low);
      if (value > best[at + x]) {
        best[at + x] = value;
        labels[at + x] = label;
      }
    }
  }
}
