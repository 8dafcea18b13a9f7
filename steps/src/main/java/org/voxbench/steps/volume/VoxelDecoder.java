package org.voxbench.steps.volume;

import java.nio.ByteBuffer;

/** Turns stored numbers into float values. */
@FunctionalInterface
interface VoxelDecoder {

  /** Bytes of stored numbers that are decoded at a time, at most. */
  int CHUNK_BYTES = 1 << 18;

  /**
   * Decodes the first {@code count} numbers of {@code stored} to {@code values} from {@code at}.
   */
  void decode(ByteBuffer stored, float[] values, int at, int count);

  static VoxelDecoder of(NiftiHeader header) {
    VoxelType type = header.type();
    boolean narrow = type.bytes() < 4 || type == VoxelType.FLOAT32;
    if (!narrow) {
      return wide(header);
    }
    boolean scaled = header.slope() != 1 || header.intercept() != 0;
    return scaled ? scaled(narrow(type), header.slope(), header.intercept()) : narrow(type);
  }

  private static VoxelDecoder scaled(VoxelDecoder plain, double slope, double intercept) {
    return (stored, values, at, count) -> {
      plain.decode(stored, values, at, count);
      for (int index = at; index < at + count; index++) {
        values[index] = (float) (values[index] * slope + intercept);
      }
    };
  }

  /** Types that a float does not hold exactly are scaled before they are rounded. */
  private static VoxelDecoder wide(NiftiHeader header) {
    int size = header.type().bytes();
    double slope = header.slope();
    double intercept = header.intercept();
    return (stored, values, at, count) -> {
      for (int index = 0; index < count; index++) {
        int place = index * size;
        double value =
            switch (header.type()) {
              case INT32 -> stored.getInt(place);
              case UINT32 -> Integer.toUnsignedLong(stored.getInt(place));
              case INT64 -> stored.getLong(place);
              case UINT64 -> unsigned(stored.getLong(place));
              default -> stored.getDouble(place);
            };
        values[at + index] = (float) (value * slope + intercept);
      }
    };
  }

  private static double unsigned(long value) {
    return value >= 0 ? value : ((value >>> 1) | (value & 1)) * 2.0;
  }

  private static VoxelDecoder narrow(VoxelType type) {
    return switch (type) {
      case UINT8 ->
          (stored, values, at, count) -> {
            for (int index = 0; index < count; index++) {
              values[at + index] = stored.get(index) & 0xff;
            }
          };
      case INT8 ->
          (stored, values, at, count) -> {
            for (int index = 0; index < count; index++) {
              values[at + index] = stored.get(index);
            }
          };
      case INT16 ->
          (stored, values, at, count) -> {
            for (int index = 0; index < count; index++) {
              values[at + index] = stored.getShort(2 * index);
            }
          };
      case UINT16 ->
          (stored, values, at, count) -> {
            for (int index = 0; index < count; index++) {
              values[at + index] = stored.getChar(2 * index);
            }
          };
      case FLOAT32 ->
          (stored, values, at, count) -> stored.clear().asFloatBuffer().get(values, at, count);
      default -> throw new IllegalArgumentException("not narrow: " + type);
    };
  }
}
