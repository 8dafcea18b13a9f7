package org.voxbench.steps.report;

import java.util.List;

/**
 * A case that scored badly.
 *
 * @param name the case
 * @param sentence what went wrong
 * @param views the slices through the largest error; empty when there is no image
 */
record WorstCase(String name, String sentence, List<View> views) {

  /**
   * One slice.
   *
   * @param caption plane and position
   * @param png the picture
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record View(String caption, byte[] png) {}
}
