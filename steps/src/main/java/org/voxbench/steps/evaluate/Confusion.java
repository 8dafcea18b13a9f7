package org.voxbench.steps.evaluate;

import org.jspecify.annotations.Nullable;

/**
 * A truth and a prediction on one lattice, counted once for all structures: how often each pair of
 * labels meets, and the box in which each label occurs on either side.
 */
final class Confusion {

  private static final int LABELS = 256;

  private final byte[] truth;
  private final byte[] prediction;
  private final Lattice lattice;
  private final long[] pairs = new long[LABELS * LABELS];
  private final @Nullable Box[] boxes = new @Nullable Box[LABELS];

  /**
   * Counts two label arrays.
   *
   * @throws IllegalArgumentException when an array does not fill the lattice
   */
  Confusion(byte[] truth, byte[] prediction, Lattice lattice) {
    if (truth.length != lattice.voxels() || prediction.length != lattice.voxels()) {
      throw new IllegalArgumentException(
          "expected truth and prediction of "
              + lattice.voxels()
              + " voxels but found "
              + truth.length
              + " and "
              + prediction.length);
    }
    this.truth = truth;
    this.prediction = prediction;
    this.lattice = lattice;
    for (int z = 0, at = 0; z < lattice.sizeZ(); z++) {
      for (int y = 0; y < lattice.sizeY(); y++, at += lattice.sizeX()) {
        countLine(z, y, at);
      }
    }
  }

  private void countLine(int z, int y, int at) {
    int[] low = new int[0];
    int[] high = low;
    for (int x = 0; x < lattice.sizeX(); x++) {
      int expected = truth[at + x] & 0xff;
      int found = prediction[at + x] & 0xff;
      pairs[expected * LABELS + found]++;
      if ((expected | found) != 0) {
        if (low.length == 0) {
          low = new int[LABELS];
          high = new int[LABELS];
        }
        mark(expected, x, low, high);
        mark(found, x, low, high);
      }
    }
    for (int label = 1; label < low.length; label++) {
      if (high[label] > 0) {
        Box line = new Box(z, y, low[label], z, y, high[label] - 1);
        Box box = boxes[label];
        boxes[label] = box == null ? line : box.join(line);
      }
    }
  }

  private static void mark(int label, int x, int[] low, int[] high) {
    if (high[label] == 0) {
      low[label] = x;
    }
    high[label] = x + 1;
  }

  Lattice lattice() {
    return lattice;
  }

  long truthVoxels(Structure structure) {
    return count(structure, true, false);
  }

  long predictionVoxels(Structure structure) {
    return count(structure, false, true);
  }

  long sharedVoxels(Structure structure) {
    return count(structure, true, true);
  }

  private long count(Structure structure, boolean inTruth, boolean inPrediction) {
    long sum = 0;
    for (int expected = 0; expected < LABELS; expected++) {
      for (int found = 0; found < LABELS; found++) {
        if ((!inTruth || structure.holds(expected)) && (!inPrediction || structure.holds(found))) {
          sum += pairs[expected * LABELS + found];
        }
      }
    }
    return sum;
  }

  int[] truthSurface(Structure structure) {
    return surface(truth, structure);
  }

  int[] predictionSurface(Structure structure) {
    return surface(prediction, structure);
  }

  private int[] surface(byte[] labels, Structure structure) {
    Box box = null;
    for (int label = 1; label < LABELS; label++) {
      Box other = boxes[label];
      if (structure.holds(label) && other != null) {
        box = box == null ? other : box.join(other);
      }
    }
    return box == null ? new int[0] : new Surface(labels, structure, lattice).voxels(box);
  }
}
