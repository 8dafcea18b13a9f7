package org.voxbench.steps.volume;

import java.util.List;

/**
 * The orientation fields of a NIfTI header, kept as they stood so that a volume written on this
 * grid carries the very same ones.
 *
 * @param qformCode 0 when there is no qform
 * @param quaternion seven numbers: qfac (1 or -1), quatern b c d, qoffset x y z
 * @param sformCode 0 when there is no sform
 * @param sform the sform's twelve numbers, zeros when there is none
 */
public record Orientation(int qformCode, List<Double> quaternion, int sformCode, Affine sform) {

  public Orientation {
    quaternion = List.copyOf(quaternion);
    if (quaternion.size() != 7) {
      throw new IllegalArgumentException("quaternion: expected 7 numbers but was " + quaternion);
    }
  }
}
