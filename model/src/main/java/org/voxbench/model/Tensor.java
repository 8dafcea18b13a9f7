package org.voxbench.model;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;

/**
 * One named array of a network as plain bytes.
 *
 * @param shape sizes, empty for a single number
 * @param kind type of the elements
 * @param bytes the elements, row-major and little-endian; the buffer is only ever read
 */
public record Tensor(List<Integer> shape, Kind kind, ByteBuffer bytes) {

  /** Type of the elements. */
  public enum Kind {
    FLOAT32(4),
    INT64(8);

    private final int width;

    Kind(int width) {
      this.width = width;
    }

    int width() {
      return width;
    }
  }

  public Tensor {
    shape = List.copyOf(shape);
    bytes = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
    long expected = kind.width();
    for (int size : shape) {
      expected = Math.multiplyExact(expected, (long) size);
    }
    if (bytes.remaining() != expected) {
      throw new IllegalArgumentException(
          "tensor of shape %s: expected %d bytes but found %d"
              .formatted(shape, expected, bytes.remaining()));
    }
  }

  /** A tensor of float32 values, row-major. */
  public static Tensor of(List<Integer> shape, float... values) {
    ByteBuffer bytes = ByteBuffer.allocate(values.length * 4).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return new Tensor(shape, Kind.FLOAT32, bytes);
  }

  /** A single int64 number. */
  public static Tensor counter(long value) {
    ByteBuffer bytes = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
    return new Tensor(List.of(), Kind.INT64, bytes.putLong(0, value));
  }

  /** The elements of a float32 tensor, copied. */
  public float[] floats() {
    if (kind != Kind.FLOAT32) {
      throw new IllegalStateException("expected a float32 tensor but it is " + kind);
    }
    float[] values = new float[bytes.remaining() / 4];
    bytes().asFloatBuffer().get(values);
    return values;
  }

  /** The elements from the first; moving this view's position moves no other view's. */
  @Override
  public ByteBuffer bytes() {
    return bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Number of elements. */
  public int elements() {
    return bytes.remaining() / kind.width();
  }

  long[] dimensions() {
    return shape.stream().mapToLong(Integer::longValue).toArray();
  }

  /** The same elements in memory of their own. */
  Tensor copy() {
    ByteBuffer own = ByteBuffer.allocate(bytes.remaining());
    own.put(bytes()).flip();
    return new Tensor(shape, kind, own);
  }

  static List<Integer> shapeOf(long[] dimensions) {
    return Arrays.stream(dimensions).mapToObj(Math::toIntExact).toList();
  }
}
