package org.voxbench.model.pytorch;

import java.nio.ByteBuffer;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The types of numbers that a storage holds, under PyTorch's names of their storage classes. */
enum ElementType {
  FLOAT32("FloatStorage", 4),
  FLOAT64("DoubleStorage", 8),
  FLOAT16("HalfStorage", 2),
  BFLOAT16("BFloat16Storage", 2),
  INT64("LongStorage", 8),
  INT32("IntStorage", 4),
  INT16("ShortStorage", 2),
  INT8("CharStorage", 1),
  UINT8("ByteStorage", 1),
  BOOL("BoolStorage", 1);

  private final String storage;
  private final int width;

  ElementType(String storage, int width) {
    this.storage = storage;
    this.width = width;
  }

  /** Bytes of one number. */
  int width() {
    return width;
  }

  boolean isFloating() {
    return this == FLOAT32 || this == FLOAT64 || this == FLOAT16 || this == BFLOAT16;
  }

  static @Nullable ElementType ofStorage(String name) {
    for (ElementType type : values()) {
      if (type.storage.equals(name)) {
        return type;
      }
    }
    return null;
  }

  /** A floating number at a byte position, as float32. */
  float floatAt(ByteBuffer bytes, int position) {
    return switch (this) {
      case FLOAT32 -> bytes.getFloat(position);
      case FLOAT64 -> (float) bytes.getDouble(position);
      case FLOAT16 -> half(bytes.getShort(position));
      case BFLOAT16 -> Float.intBitsToFloat(bytes.getShort(position) << 16);
      default -> throw new IllegalStateException(this + " is not floating");
    };
  }

  /** IEEE 754 binary16: one sign bit, five of exponent, ten of fraction. */
  static float half(short bits) {
    int sign = (bits & 0x8000) << 16;
    int exponent = bits >> 10 & 0x1f;
    int fraction = bits & 0x3ff;
    if (exponent == 0) {
      return Math.copySign(fraction * 0x1p-24f, sign == 0 ? 1 : -1);
    }
    int wide = exponent == 0x1f ? 0xff : exponent + 112;
    return Float.intBitsToFloat(sign | wide << 23 | fraction << 13);
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
