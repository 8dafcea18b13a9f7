package org.voxbench.steps.volume;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/** The header fields that say where the voxels lie: pixdim, qform and sform. */
final class GridFields {

  /** Corners further apart than this share of the smallest spacing count as a disagreement. */
  private static final double AGREE_WITHIN = 0.1;

  private final Path file;
  private final ByteBuffer bytes;
  private final boolean second;

  GridFields(Path file, ByteBuffer bytes, boolean second) {
    this.file = file;
    this.bytes = bytes;
    this.second = second;
  }

  Grid grid(GridShape shape, AffineRule rule) throws MalformedVolumeException {
    Orientation orientation = orientation();
    Spacing spacing = spacing(shape, orientation);
    try {
      return new Grid(shape, spacing, choose(shape, spacing, orientation, rule), orientation);
    } catch (IllegalArgumentException e) {
      throw new MalformedVolumeException(
          file + ": qform: " + e.getMessage() + "; write the file anew with nibabel", e);
    }
  }

  private Orientation orientation() throws MalformedVolumeException {
    int qformCode = second ? bytes.getInt(344) : bytes.getShort(252);
    int sformCode = second ? bytes.getInt(348) : bytes.getShort(254);
    double[] q = new double[7];
    q[0] = real(104, 76, 0) < 0 ? -1 : 1;
    for (int index = 0; index < 6; index++) {
      q[index + 1] = qformCode > 0 ? finite("quatern/qoffset", real(352, 256, index)) : 0;
    }
    double[] s = new double[12];
    for (int index = 0; index < 12; index++) {
      s[index] = sformCode > 0 ? finite("srow", real(400, 280, index)) : 0;
    }
    return new Orientation(
        Math.max(0, qformCode),
        List.of(q[0], q[1], q[2], q[3], q[4], q[5], q[6]),
        Math.max(0, sformCode),
        Affine.of(s));
  }

  /** pixdim where it is given for an axis, else the length of the sform's column. */
  private Spacing spacing(GridShape shape, Orientation orientation)
      throws MalformedVolumeException {
    double[] xyz = new double[3];
    for (int axis = 0; axis < 3; axis++) {
      double size = Math.abs(finite("pixdim", real(104, 76, axis + 1)));
      double column = orientation.sform().columnLength(axis);
      if (size == 0 && orientation.sformCode() > 0 && column > 0) {
        size = column;
      } else if (size == 0 && shape.along(2 - axis) == 1) {
        size = 1;
      }
      if (size == 0) {
        throw HeaderParser.wrong(file, "pixdim[" + (axis + 1) + "]", "millimetres above 0", "0.0");
      }
      xyz[axis] = size;
    }
    return new Spacing(xyz[2], xyz[1], xyz[0]);
  }

  private Affine choose(GridShape shape, Spacing spacing, Orientation given, AffineRule rule)
      throws MalformedVolumeException {
    if (given.qformCode() == 0 && given.sformCode() == 0) {
      return Affine.scaling(spacing);
    }
    if (given.qformCode() == 0) {
      return given.sform();
    }
    Affine qform = Quaternions.affineOf(given.quaternion(), spacing);
    if (given.sformCode() == 0) {
      return qform;
    }
    if (rule == AffineRule.REFUSE) {
      double apart = qform.cornerDistance(given.sform(), shape);
      double smallest = Math.min(spacing.z(), Math.min(spacing.y(), spacing.x()));
      if (apart > AGREE_WITHIN * smallest) {
        throw new MalformedVolumeException(
            "%s: expected qform and sform to agree but they place a corner %.3f mm apart; choose the affine rule qform or sform for this dataset"
                .formatted(file, apart));
      }
    }
    return rule == AffineRule.SFORM ? given.sform() : qform;
  }

  /** A double of NIfTI-2 or a float of NIfTI-1, {@code index} elements after the field's start. */
  private double real(int at2, int at1, int index) {
    return second ? bytes.getDouble(at2 + 8 * index) : bytes.getFloat(at1 + 4 * index);
  }

  private double finite(String field, double value) throws MalformedVolumeException {
    if (!Double.isFinite(value)) {
      throw HeaderParser.wrong(file, field, "finite numbers", Double.toString(value));
    }
    return value;
  }
}
