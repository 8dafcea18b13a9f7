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
   * @param windows count x channels x patch, row-major
   * @param count windows, at least 1
   * @param mirror whether to average over the eight mirrored views (recipe section 5.1)
   * @return count x classes x patch, row-major; the next call may reuse the array
   */
  float[] probabilities(float[] windows, int count, boolean mirror);
}
