package org.voxbench.steps.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class GunzipTest {

  /** A whole gzip member without the optional parts of a header. */
  private static byte[] packed(byte[] content) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(content);
    }
    return out.toByteArray();
  }

  private static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  private static byte[] unpacked(byte[] file) throws IOException {
    try (Gunzip in = new Gunzip(new ByteArrayInputStream(file))) {
      return in.readAllBytes();
    }
  }

  @Property(tries = 200)
  void whatIsPackedInAnyNumberOfMembersComesOutAgain(
      @ForAll @Size(max = 3000) byte[] first, @ForAll @Size(max = 300) byte[] second)
      throws IOException {
    assertThat(unpacked(packed(first))).isEqualTo(first);
    assertThat(unpacked(joined(packed(first), packed(second)))).isEqualTo(joined(first, second));
  }

  @Test
  void moreThanABufferOfBothSidesComesOutAgain() throws IOException {
    byte[] content = new byte[3_000_000];
    for (int index = 0; index < content.length; index++) {
      content[index] = (byte) (((index * 31) >> 7) ^ ((index * index) >> 11));
    }
    assertThat(unpacked(packed(content))).isEqualTo(content);
  }

  @Test
  void nameCommentExtraFieldAndHeaderChecksumArePassedOver() throws IOException {
    byte[] plain = packed("voxels".getBytes(StandardCharsets.US_ASCII));
    byte[] header = Arrays.copyOf(plain, 10);
    header[3] = 2 | 4 | 8 | 16;
    byte[] extra = {3, 0, 'a', 'b', 'c'};
    byte[] texts = "scan.nii\0a comment\0".getBytes(StandardCharsets.US_ASCII);
    byte[] start = joined(header, extra, texts);
    CRC32 crc = new CRC32();
    crc.update(start);
    byte[] checksum = {(byte) crc.getValue(), (byte) (crc.getValue() >> 8)};
    byte[] file = joined(start, checksum, Arrays.copyOfRange(plain, 10, plain.length));
    assertThat(new String(unpacked(file), StandardCharsets.US_ASCII)).isEqualTo("voxels");
  }

  @Test
  void zeroesBehindTheLastMemberArePassedOver() throws IOException {
    byte[] content = {1, 2, 3};
    assertThat(unpacked(joined(packed(content), new byte[600]))).isEqualTo(content);
  }

  @Test
  void aFileCutAnywhereIsNoticed() throws IOException {
    byte[] file = packed(new byte[] {1, 2, 3, 4, 5});
    for (int length = 2; length < file.length; length++) {
      byte[] cut = Arrays.copyOf(file, length);
      assertThatThrownBy(() -> unpacked(cut)).isInstanceOf(EOFException.class);
    }
  }

  @Test
  void aWrongChecksumAndAWrongLengthAreNoticed() throws IOException {
    byte[] file = packed(new byte[] {1, 2, 3, 4, 5});
    byte[] checksum = file.clone();
    checksum[file.length - 8] ^= 1;
    assertThatThrownBy(() -> unpacked(checksum))
        .isInstanceOf(ZipException.class)
        .hasMessage("checksum differs");
    byte[] length = file.clone();
    length[file.length - 1] ^= 1;
    assertThatThrownBy(() -> unpacked(length))
        .isInstanceOf(ZipException.class)
        .hasMessage("length differs");
  }
}
