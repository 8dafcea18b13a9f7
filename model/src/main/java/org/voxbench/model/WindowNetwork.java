package org.voxbench.model;

import java.util.List;

/** What a sliding window needs of a network: class probabilities of windows of one size. */
public interface WindowNetwork {

  /** Voxels (z, y, x) of one window. */
  List<Integer> patch();

  int inChannels();

  int classes();

  /**
   * Class probabilities, in evaluation mode.
   *
   * <p>The array that is returned belongs to the network, and <b>the next call overwrites it</b>: a
   * caller who wants to keep the numbers clones it. Fresh arrays of this size would cost a tenth of
   * a window.
   *
   * @param windows count x channels x patch, row-major
   * @param count windows, at least 1
   * @param mirror whether to average over the eight mirrored views (recipe section 5.1)
   * @return count x classes x patch, row-major; valid until the next call
   */
  float[] probabilities(float[] windows, int count, boolean mirror);
}
