package org.voxbench.steps.volume;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPOutputStream;

/** NIfTI files built byte by byte, so that each field can be wrong on its own. */
final class HeaderBytes {

  private HeaderBytes() {}

  /** A sound NIfTI-1 header of 352 bytes: 4 x 3 x 2 voxels of one type, spacing 1 mm. */
  static ByteBuffer nifti1(ByteOrder order, VoxelType type) {
    ByteBuffer bytes = ByteBuffer.allocate(352 + 24 * type.bytes()).order(order);
    bytes.putInt(0, 348);
    short[] dim = {3, 4, 3, 2, 1, 1, 1, 1};
    for (int index = 0; index < 8; index++) {
      bytes.putShort(40 + 2 * index, dim[index]);
      bytes.putFloat(76 + 4 * index, 1);
    }
    bytes.putShort(70, (short) type.code());
    bytes.putShort(72, (short) (8 * type.bytes()));
    bytes.putFloat(108, 352);
    bytes.put(344, "n+1\0".getBytes(StandardCharsets.US_ASCII));
    return bytes;
  }

  /** A sound NIfTI-2 header of 544 bytes: 4 x 3 x 2 voxels of one type, spacing 1 mm. */
  static ByteBuffer nifti2(ByteOrder order, VoxelType type) {
    ByteBuffer bytes = ByteBuffer.allocate(544 + 24 * type.bytes()).order(order);
    bytes.putInt(0, 540);
    bytes.put(4, "n+2\0\r\n\032\n".getBytes(StandardCharsets.US_ASCII));
    bytes.putShort(12, (short) type.code());
    bytes.putShort(14, (short) (8 * type.bytes()));
    long[] dim = {3, 4, 3, 2, 1, 1, 1, 1};
    for (int index = 0; index < 8; index++) {
      bytes.putLong(16 + 8 * index, dim[index]);
      bytes.putDouble(104 + 8 * index, 1);
    }
    bytes.putLong(168, 544);
    return bytes;
  }

  static void putVoxel(ByteBuffer bytes, int at, VoxelType type, long value) {
    switch (type) {
      case UINT8, INT8 -> bytes.put(at, (byte) value);
      case INT16, UINT16 -> bytes.putShort(at, (short) value);
      case INT32, UINT32 -> bytes.putInt(at, (int) value);
      case INT64, UINT64 -> bytes.putLong(at, value);
      case FLOAT32 -> bytes.putFloat(at, (float) value);
      case FLOAT64 -> bytes.putDouble(at, (double) value);
    }
  }

  static byte[] copy(ByteBuffer bytes) {
    byte[] copy = new byte[bytes.capacity()];
    bytes.get(0, copy);
    return copy;
  }

  static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    }
    return out.toByteArray();
  }
}
