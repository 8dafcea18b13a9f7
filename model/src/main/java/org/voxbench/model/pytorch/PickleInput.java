package org.voxbench.model.pytorch;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * The bytes of a pickle, read from front to back. A length is checked against what is left before
 * anything of that length is made.
 */
final class PickleInput {

  private static final int LONGEST_NAME = 256;

  /** Gives more of the file. */
  @FunctionalInterface
  interface Front {
    /** The file's first bytes, at least so many where it has them and they may be read. */
    ByteBuffer upTo(long length) throws IOException;
  }

  private final Path file;
  private final Front front;
  private String part;
  private ByteBuffer bytes;

  /**
   * A reader of one pickle in memory.
   *
   * @param part what of the file it is, for messages
   */
  PickleInput(Path file, String part, ByteBuffer bytes) {
    this.file = file;
    this.part = part;
    this.bytes = bytes.order(ByteOrder.LITTLE_ENDIAN);
    front = length -> bytes;
  }

  /** A reader of the pickles at the front of a file, which fetches as much as they take. */
  PickleInput(Path file, Front front) {
    this.file = file;
    this.front = front;
    part = "start";
    bytes = ByteBuffer.allocate(0);
  }

  /** Names what comes next, for messages. */
  PickleInput named(String next) {
    part = next;
    return this;
  }

  int position() {
    return bytes.position();
  }

  UnreadableWeightsException failure(int position, String what) {
    return new UnreadableWeightsException(file, "%s, byte %d: %s".formatted(part, position, what));
  }

  int one() throws UnreadableWeightsException {
    need(1);
    return bytes.get() & 0xff;
  }

  int two() throws UnreadableWeightsException {
    need(2);
    return bytes.getShort() & 0xffff;
  }

  int four() throws UnreadableWeightsException {
    need(4);
    return bytes.getInt();
  }

  /** Four bytes that count something. */
  long count() throws UnreadableWeightsException {
    return four() & 0xffffffffL;
  }

  long eight() throws UnreadableWeightsException {
    need(8);
    return bytes.getLong();
  }

  /** Binary floats are big-endian, alone in the format. */
  double real() throws UnreadableWeightsException {
    return Double.longBitsToDouble(Long.reverseBytes(eight()));
  }

  byte[] take(long length) throws UnreadableWeightsException {
    need(length);
    byte[] taken = new byte[(int) length];
    bytes.get(taken);
    return taken;
  }

  String text(long length, Charset charset) throws UnreadableWeightsException {
    int start = position();
    need(length);
    ByteBuffer slice = bytes.slice(start, (int) length);
    try {
      String text = charset.newDecoder().decode(slice).toString();
      bytes.position(start + (int) length);
      return text;
    } catch (CharacterCodingException e) {
      throw failure(start, "expected a text in %s; the file is damaged".formatted(charset));
    }
  }

  /** A name that ends with its line. */
  String line() throws UnreadableWeightsException {
    int start = position();
    for (int length = 0; length <= LONGEST_NAME; length++) {
      if (one() == '\n') {
        bytes.position(start);
        String name = text(length, StandardCharsets.UTF_8);
        bytes.position(start + length + 1);
        return name;
      }
    }
    throw failure(start, "expected a name but found more than %d bytes".formatted(LONGEST_NAME));
  }

  private void need(long length) throws UnreadableWeightsException {
    if (length > bytes.remaining()) {
      fetch(length);
    }
    if (length < 0 || length > bytes.remaining()) {
      throw failure(
          position(),
          "expected %d more bytes but only %d are left; the file is truncated or damaged, get it again"
              .formatted(length, bytes.remaining()));
    }
  }

  private void fetch(long length) throws UnreadableWeightsException {
    int position = position();
    try {
      bytes = front.upTo(position + length).order(ByteOrder.LITTLE_ENDIAN).position(position);
    } catch (IOException e) {
      throw new UnreadableWeightsException(file, part + " cannot be read: " + e.getMessage(), e);
    }
  }
}
