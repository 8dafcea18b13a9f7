package org.voxbench.steps.evaluate;

/**
 * The lower envelope of equally wide parabolas along one axis: the heart of the separable distance
 * transform (Felzenszwalb and Huttenlocher, Theory of Computing 8, 2012).
 *
 * <p>Parabolas are added, then the envelope is read, both at ascending positions.
 */
final class LowerEnvelope {

  private final double scale;
  private final int[] apex;
  private final double[] height;
  private final double[] start;
  private int last;
  private int cursor;

  /**
   * @param capacity the largest number of parabolas
   * @param spacing mm per position
   */
  LowerEnvelope(int capacity, double spacing) {
    scale = spacing * spacing;
    apex = new int[capacity];
    height = new double[capacity];
    start = new double[capacity];
    clear();
  }

  void clear() {
    last = -1;
    cursor = 0;
  }

  boolean isEmpty() {
    return last < 0;
  }

  /** Adds the parabola {@code value + spacing^2 (x - position)^2}. */
  void add(int position, double value) {
    double from = Double.NEGATIVE_INFINITY;
    while (last >= 0) {
      int rival = apex[last];
      from = 0.5 * (position + rival) + (value - height[last]) / (2 * scale * (position - rival));
      if (from > start[last]) {
        break;
      }
      last--;
      from = Double.NEGATIVE_INFINITY;
    }
    last++;
    apex[last] = position;
    height[last] = value;
    start[last] = from;
  }

  /** The envelope at a position not below the one read before. */
  double at(int position) {
    while (cursor < last && start[cursor + 1] < position) {
      cursor++;
    }
    double offset = position - apex[cursor];
    return height[cursor] + scale * offset * offset;
  }
}
