package org.voxbench.steps.volume;

/** Swaps rows and columns in blocks that stay in the first-level cache. */
final class Transposition {

  private static final int BLOCK = 32;

  private Transposition() {}

  /** {@code target[offset + column][row] = rows[row][column]}. */
  static void copy(float[][] rows, int height, int width, float[][] target, int offset) {
    for (int top = 0; top < height; top += BLOCK) {
      int bottom = Math.min(height, top + BLOCK);
      for (int column = 0; column < width; column++) {
        float[] line = target[offset + column];
        for (int row = top; row < bottom; row++) {
          line[row] = rows[row][column];
        }
      }
    }
  }

  /** {@code target[start + column * height + row] = rows[row][column]}. */
  static void copy(float[][] rows, int height, int width, float[] target, int start) {
    for (int left = 0; left < width; left += BLOCK) {
      int right = Math.min(width, left + BLOCK);
      for (int row = 0; row < height; row++) {
        float[] line = rows[row];
        for (int column = left; column < right; column++) {
          target[start + column * height + row] = line[column];
        }
      }
    }
  }
}
