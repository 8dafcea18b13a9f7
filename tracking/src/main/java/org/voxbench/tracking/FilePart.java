package org.voxbench.tracking;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.security.MessageDigest;
import java.util.HexFormat;

/** A part of an open file, read from its place and digested on the way. */
final class FilePart extends InputStream {

  private final FileChannel file;
  private final MessageDigest sha256 = Sha256Body.sha256();
  private final long end;
  private long at;

  FilePart(FileChannel file, long from, long length) {
    this.file = file;
    this.at = from;
    this.end = from + length;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    if (at >= end) {
      return -1;
    }
    int wanted = (int) Math.min(length, end - at);
    int read = file.read(ByteBuffer.wrap(buffer, offset, wanted), at);
    if (read > 0) {
      sha256.update(buffer, offset, read);
      at += read;
    }
    return read;
  }

  /** In hexadecimal, of what was read; asked once. */
  String sha256() {
    return HexFormat.of().formatHex(sha256.digest());
  }
}
