package org.voxbench.tracking.server;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a file that a request asks for.
 *
 * @param first index of the first byte
 * @param length number of bytes; 0 when the range lies outside the file
 */
record ByteRange(long first, long length) {

  private static final Pattern ONE = Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})");

  /**
   * Reads a Range header. Null means the whole file: no header, several ranges or another unit.
   *
   * @param size of the file in bytes
   */
  static @Nullable ByteRange parse(@Nullable String header, long size) {
    Matcher matcher = ONE.matcher(header == null ? "" : header.replace(" ", ""));
    if (!matcher.matches()) {
      return null;
    }
    String from = matcher.group(1);
    String to = matcher.group(2);
    if (from.isEmpty()) {
      if (to.isEmpty()) {
        return null;
      }
      long last = Math.min(Long.parseLong(to), size);
      return new ByteRange(size - last, last);
    }
    long first = Long.parseLong(from);
    long end = to.isEmpty() ? size - 1 : Math.min(Long.parseLong(to), size - 1);
    if (!to.isEmpty() && Long.parseLong(to) < first) {
      return null;
    }
    return new ByteRange(first, Math.max(0, end - first + 1));
  }

  boolean isOutside() {
    return length == 0;
  }

  String contentRange(long size) {
    return isOutside()
        ? "bytes */" + size
        : "bytes " + first + "-" + (first + length - 1) + "/" + size;
  }
}
