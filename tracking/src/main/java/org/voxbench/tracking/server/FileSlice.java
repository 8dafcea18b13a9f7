package org.voxbench.tracking.server;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads a range of a file and ends behind it. */
final class FileSlice extends InputStream {

  private final InputStream file;
  private long left;

  FileSlice(Path path, ByteRange range) throws IOException {
    file = Files.newInputStream(path);
    file.skipNBytes(range.length() == 0 ? 0 : range.first());
    left = range.length();
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (left == 0) {
      return length == 0 ? 0 : -1;
    }
    int read = file.read(target, offset, (int) Math.min(length, left));
    left -= Math.max(0, read);
    return read;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
