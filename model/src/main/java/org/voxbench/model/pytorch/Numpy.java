package org.voxbench.model.pytorch;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.voxbench.model.pytorch.PickleValues.Marker;
import org.voxbench.model.pytorch.PickleValues.Tuple;
import org.voxbench.model.pytorch.PickleValues.Unexpected;

/**
 * numpy's numbers and arrays in a pickle, as plain numbers and lists. Types that are not numbers
 * are read over.
 */
final class Numpy {

  /** What an array's elements are; the byte order comes when it is built. */
  static final class Type {
    private final char kind;
    private final int width;
    private ByteOrder order = ByteOrder.LITTLE_ENDIAN;

    private Type(char kind, int width) {
      this.kind = kind;
      this.width = width;
    }

    private Object number(ByteBuffer bytes) {
      ByteBuffer in = bytes.order(order);
      return switch (kind) {
        case 'f' -> width == 8 ? in.getDouble() : (double) in.getFloat();
        case 'b' -> in.get() != 0;
        case 'u' -> unsigned(in);
        default ->
            switch (width) {
              case 8 -> in.getLong();
              case 4 -> (long) in.getInt();
              case 2 -> (long) in.getShort();
              default -> (long) in.get();
            };
      };
    }

    private Object unsigned(ByteBuffer in) {
      return switch (width) {
        case 8 -> in.getLong();
        case 4 -> in.getInt() & 0xffffffffL;
        case 2 -> in.getShort() & 0xffffL;
        default -> in.get() & 0xffL;
      };
    }
  }

  /** An array; empty until it is built. Many may be built of the same bytes: none is unpacked. */
  static final class Array {
    private @Nullable Type type;
    private byte[] content = {};

    /** The elements row by row. */
    List<Object> items() {
      List<Object> items = new ArrayList<>();
      ByteBuffer bytes = ByteBuffer.wrap(content);
      while (type != null && bytes.remaining() >= type.width) {
        items.add(type.number(bytes));
      }
      return items;
    }
  }

  private Numpy() {}

  /** {@code numpy.dtype('f8', ...)}; other types than numbers are inert. */
  static Object type(Object name) throws Unexpected {
    String text = PickleValues.expect(String.class, name);
    return switch (text) {
      case "f8", "f4", "i8", "i4", "i2", "i1", "u8", "u4", "u2", "u1", "b1" ->
          new Type(text.charAt(0), text.charAt(1) - '0');
      default -> Marker.INERT;
    };
  }

  /** {@code numpy.core.multiarray.scalar(type, bytes)}. */
  static Object scalar(Object type, Object bytes) throws Unexpected {
    if (!(type instanceof Type known)) {
      return Marker.INERT;
    }
    byte[] content = PickleValues.expect(byte[].class, bytes);
    if (content.length != known.width) {
      throw new Unexpected("%d bytes of a number".formatted(known.width), bytes);
    }
    return known.number(ByteBuffer.wrap(content));
  }

  /** {@code _codecs.encode(text, 'latin1')}: how old pickles write bytes. */
  static byte[] encoded(Object text) throws Unexpected {
    return PickleValues.expect(String.class, text).getBytes(StandardCharsets.ISO_8859_1);
  }

  /** The state of a type is (version, byte order, ...). */
  static void build(Type type, Object state) throws Unexpected {
    if (state instanceof Tuple parts && parts.items().size() > 1) {
      boolean big = ">".equals(parts.items().get(1));
      type.order = big ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    }
  }

  /** The state of an array is (version, shape, type, by columns, bytes). */
  static void build(Array array, Object state) throws Unexpected {
    List<Object> parts = PickleValues.expect(Tuple.class, state).items();
    if (parts.size() != 5) {
      throw new Unexpected("five parts of an array", state);
    }
    if (parts.get(2) instanceof Type type && parts.get(4) instanceof byte[] content) {
      array.type = type;
      array.content = content;
    }
  }
}
