package org.voxbench.steps.volume;

import java.nio.ByteBuffer;

/** Turns stored numbers into float values. */
@FunctionalInterface
interface VoxelDecoder {

  /** Decodes the first {@code count} numbers of {@code stored}, in its byte order. */
  void decode(ByteBuffer stored, float[] values, int count);

  static VoxelDecoder of(NiftiHeader header) {
    VoxelDecoder plain = plain(header.type());
    if (header.slope() == 1 && header.intercept() == 0) {
      return plain;
    }
    return switch (header.type()) {
      case INT32, UINT32, INT64, UINT64, FLOAT64 -> wide(header);
      default -> scaled(plain, header.slope(), header.intercept());
    };
  }

  private static VoxelDecoder scaled(VoxelDecoder plain, double slope, double intercept) {
    return (stored, values, count) -> {
      plain.decode(stored, values, count);
      for (int index = 0; index < count; index++) {
        values[index] = (float) (values[index] * slope + intercept);
      }
    };
  }

  /** Types that a float does not hold exactly are scaled before they are rounded. */
  private static VoxelDecoder wide(NiftiHeader header) {
    int size = header.type().bytes();
    double slope = header.slope();
    double intercept = header.intercept();
    return (stored, values, count) -> {
      for (int index = 0; index < count; index++) {
        int at = index * size;
        double value =
            switch (header.type()) {
              case INT32 -> stored.getInt(at);
              case UINT32 -> Integer.toUnsignedLong(stored.getInt(at));
              case INT64 -> stored.getLong(at);
              case UINT64 -> unsigned(stored.getLong(at));
              default -> stored.getDouble(at);
            };
        values[index] = (float) (value * slope + intercept);
      }
    };
  }

  private static double unsigned(long value) {
    return value >= 0 ? value : ((value >>> 1) | (value & 1)) * 2.0;
  }

  private static VoxelDecoder plain(VoxelType type) {
    return switch (type) {
      case UINT8 ->
          (stored, values, count) -> {
            for (int index = 0; index < count; index++) {
              values[index] = stored.get(index) & 0xff;
            }
          };
      case INT8 ->
          (stored, values, count) -> {
            for (int index = 0; index < count; index++) {
              values[index] = stored.get(index);
            }
          };
      case INT16 ->
          (stored, values, count) -> {
            for (int index = 0; index < count; index++) {
              values[index] = stored.getShort(2 * index);
            }
          };
      case UINT16 ->
          (stored, values, count) -> {
            for (int index = 0; index < count; index++) {
              values[index] = stored.getChar(2 * index);
            }
          };
      case INT32 ->
          (stored, values, count) -> {
            for (int index = 0; index < count; index++) {
              values[index] = stored.getInt(4 * index);
            }
          };
      case UINT32 ->
          (stored, values, count) -> {
            for (int index = 0; index < count; index++) {
              values[index] = Integer.toUnsignedLong(stored.getInt(4 * index));
            }
          };
      case FLOAT32 ->
          (stored, values, count) -> stored.clear().asFloatBuffer().get(values, 0, count);
      case FLOAT64 ->
          (stored, values, count) -> {
            for (int index = 0; index < count; index++) {
              values[index] = (float) stored.getDouble(8 * index);
            }
          };
      case INT64 ->
          (stored, values, count) -> {
            for (int index = 0; index < count; index++) {
              values[index] = stored.getLong(8 * index);
            }
          };
      case UINT64 ->
          (stored, values, count) -> {
            for (int index = 0; index < count; index++) {
              values[index] = (float) unsigned(stored.getLong(8 * index));
            }
          };
    };
  }
}
