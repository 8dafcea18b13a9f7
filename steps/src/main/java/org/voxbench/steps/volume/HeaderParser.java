package org.voxbench.steps.volume;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the fields of a NIfTI-1 or NIfTI-2 header and refuses what cannot be right. Layouts: {@code
 * nifti1.h} and {@code nifti2.h} of the NIfTI data format working group.
 */
final class HeaderParser {

  static final int NIFTI1_BYTES = 348;
  static final int NIFTI2_BYTES = 540;

  private final Path file;
  private final ByteBuffer bytes;
  private final boolean second;

  /** What the reader needs beyond the public header. */
  record Parsed(NiftiHeader header, long voxelOffset, ByteOrder order) {}

  private HeaderParser(Path file, ByteBuffer bytes, boolean second) {
    this.file = file;
    this.bytes = bytes;
    this.second = second;
  }

  /** Whether a file that starts so has the longer header of NIfTI-2. */
  static boolean isSecond(byte[] start) {
    if (start.length < NIFTI1_BYTES) {
      return false;
    }
    int size = ByteBuffer.wrap(start).getInt();
    return size == NIFTI2_BYTES || Integer.reverseBytes(size) == NIFTI2_BYTES;
  }

  /** Parses the header at the start of a file; {@code start} is all of it that there is. */
  static Parsed parse(Path file, byte[] start, AffineRule rule) throws MalformedVolumeException {
    if (start.length < NIFTI1_BYTES) {
      throw new MalformedVolumeException(
          "%s: expected a NIfTI header of %d bytes but the file ends after %d; fetch it again"
              .formatted(file, NIFTI1_BYTES, start.length));
    }
    ByteBuffer bytes = ByteBuffer.wrap(start).order(ByteOrder.LITTLE_ENDIAN);
    int size = bytes.getInt(0);
    if (size != NIFTI1_BYTES && size != NIFTI2_BYTES) {
      bytes.order(ByteOrder.BIG_ENDIAN);
      size = bytes.getInt(0);
    }
    if (size != NIFTI1_BYTES && size != NIFTI2_BYTES) {
      throw new MalformedVolumeException(
          "%s: expected 348 (NIfTI-1) or 540 (NIfTI-2) in the first four bytes but found %d; this is no NIfTI file: convert it, for example with dcm2niix"
              .formatted(file, Integer.reverseBytes(size)));
    }
    if (start.length < size) {
      throw new MalformedVolumeException(
          "%s: expected a NIfTI-2 header of %d bytes but the file ends after %d; fetch it again"
              .formatted(file, size, start.length));
    }
    return new HeaderParser(file, bytes, size == NIFTI2_BYTES).parse(rule);
  }

  private Parsed parse(AffineRule rule) throws MalformedVolumeException {
    checkMagic();
    long[] dim = dimensions();
    GridShape shape = new GridShape((int) dim[3], (int) dim[2], (int) dim[1]);
    int channels = (int) Math.max(dim[4], dim[5]);
    VoxelType type = type();
    double slope = second ? bytes.getDouble(176) : bytes.getFloat(112);
    double intercept = second ? bytes.getDouble(184) : bytes.getFloat(116);
    if (slope == 0 || Double.isNaN(slope)) {
      slope = 1;
      intercept = 0;
    }
    if (!Double.isFinite(slope) || !Double.isFinite(intercept)) {
      throw wrong("scl_slope and scl_inter", "finite numbers", slope + " and " + intercept);
    }
    Grid grid = new GridFields(file, bytes, second).grid(shape, rule);
    NiftiHeader header = new NiftiHeader(grid, channels, type, slope, intercept);
    return new Parsed(header, voxelOffset(), bytes.order());
  }

  private void checkMagic() throws MalformedVolumeException {
    byte[] magic = new byte[3];
    bytes.get(second ? 4 : 344, magic);
    String found = new String(magic, StandardCharsets.ISO_8859_1);
    if (found.equals(second ? "ni2" : "ni1")) {
      throw new MalformedVolumeException(
          file
              + ": expected one file with header and voxels but this header belongs to a .hdr/.img pair; join them with nibabel or fslchfiletype NIFTI_GZ");
    }
    if (!found.equals(second ? "n+2" : "n+1")) {
      throw wrong("magic", second ? "n+2" : "n+1", found.replaceAll("[^ -~]", "?"));
    }
  }

  /** dim[0] to dim[7], those beyond dim[0] set to 1. */
  private long[] dimensions() throws MalformedVolumeException {
    long[] dim = new long[8];
    for (int index = 0; index < 8; index++) {
      dim[index] = second ? bytes.getLong(16 + 8 * index) : bytes.getShort(40 + 2 * index);
    }
    if (dim[0] < 1 || dim[0] > 7) {
      throw wrong("dim[0]", "1 to 7 dimensions", Long.toString(dim[0]));
    }
    List<String> sizes = new ArrayList<>();
    for (int index = 1; index < 8; index++) {
      if (index > dim[0]) {
        dim[index] = 1;
      }
      sizes.add(Long.toString(dim[index]));
      if (dim[index] < 1 || dim[index] > Integer.MAX_VALUE) {
        throw wrong("dim[" + index + "]", "1 to 2147483647", Long.toString(dim[index]));
      }
    }
    if (dim[6] != 1 || dim[7] != 1 || (dim[4] != 1 && dim[5] != 1)) {
      throw wrong("dim", "x, y, z and one dimension of channels", String.join(" x ", sizes));
    }
    if (exceedsLong(dim)) {
      throw wrong("dim", "fewer than 2^60 voxels", String.join(" x ", sizes));
    }
    return dim;
  }

  private static boolean exceedsLong(long[] dim) {
    double product = 1;
    for (int index = 1; index < 8; index++) {
      product *= dim[index];
    }
    return product >= 0x1p60;
  }

  private VoxelType type() throws MalformedVolumeException {
    int code = bytes.getShort(second ? 12 : 70);
    int bits = bytes.getShort(second ? 14 : 72);
    VoxelType type =
        VoxelType.of(code)
            .orElseThrow(
                () ->
                    wrong(
                        "datatype",
                        "one real number per voxel (2, 4, 8, 16, 64, 256, 512, 768, 1024 or 1280)",
                        code + " (colour, complex or binary)"));
    if (bits != 0 && bits != 8 * type.bytes()) {
      throw wrong("bitpix", 8 * type.bytes() + " for datatype " + code, Integer.toString(bits));
    }
    return type;
  }

  private long voxelOffset() throws MalformedVolumeException {
    double offset = second ? bytes.getLong(168) : bytes.getFloat(108);
    long least = second ? NIFTI2_BYTES + 4 : NIFTI1_BYTES + 4;
    if (offset == 0) {
      return least;
    }
    if (!(offset >= least && offset < 0x1p53 && offset == Math.rint(offset))) {
      throw wrong("vox_offset", "a whole number of at least " + least, Double.toString(offset));
    }
    return (long) offset;
  }

  private MalformedVolumeException wrong(String field, String expected, String found) {
    return wrong(file, field, expected, found);
  }

  static MalformedVolumeException wrong(Path file, String field, String expected, String found) {
    return new MalformedVolumeException(
        "%s: header field %s: expected %s but found %s; fetch the file again or write it anew with nibabel"
            .formatted(file, field, expected, found));
  }
}
