package org.voxbench.steps.volume;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/** One open NIfTI file: header first, then the voxels in chunks. */
final class NiftiReader implements AutoCloseable {

  /** Deflate makes at most 1032 bytes of one. */
  private static final long LARGEST_RATIO = 1032;

  /** Bytes behind the voxels that are read to reach the checksum of a gzip file. */
  private static final long TRAILING_BYTES = 1 << 20;

  private final Path file;
  private final InputStream in;
  private final boolean compressed;
  private final HeaderParser.Parsed parsed;
  private final long headBytes;

  private NiftiReader(Path file, InputStream in, boolean compressed, AffineRule rule)
      throws IOException {
    this.file = file;
    this.in = in;
    this.compressed = compressed;
    byte[] head;
    try {
      head = readHead(in);
    } catch (EOFException | ZipException e) {
      throw truncated(e);
    }
    headBytes = head.length;
    parsed = HeaderParser.parse(file, head, rule);
    checkSize();
  }

  static NiftiReader open(Path file, AffineRule rule) throws IOException {
    boolean compressed = isCompressed(file);
    InputStream raw = Files.newInputStream(file);
    InputStream in = raw;
    try {
      in = compressed ? gunzip(file, raw) : raw;
      return new NiftiReader(file, in, compressed, rule);
    } catch (IOException | RuntimeException e) {
      in.close();
      throw e;
    }
  }

  private static boolean isCompressed(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return in.read() == 0x1f && in.read() == 0x8b;
    }
  }

  /** No byte further than the header, since what follows may already be voxels. */
  private static byte[] readHead(InputStream in) throws IOException {
    byte[] first = in.readNBytes(HeaderParser.NIFTI1_BYTES);
    if (!HeaderParser.isSecond(first)) {
      return first;
    }
    byte[] rest = in.readNBytes(HeaderParser.NIFTI2_BYTES - first.length);
    byte[] head = Arrays.copyOf(first, first.length + rest.length);
    System.arraycopy(rest, 0, head, first.length, rest.length);
    return head;
  }

  private static InputStream gunzip(Path file, InputStream raw) throws IOException {
    try {
      return new Gunzip(raw);
    } catch (EOFException | ZipException e) {
      throw new MalformedVolumeException(
          file + ": expected a gzip file but its first bytes are broken; fetch it again", e);
    }
  }

  NiftiHeader header() {
    return parsed.header();
  }

  private void checkSize() throws IOException {
    long size = Files.size(file);
    long holds = compressed ? Math.multiplyExact(size, LARGEST_RATIO) : size;
    long stored = header().storedBytes();
    if (parsed.voxelOffset() > holds) {
      throw HeaderParser.wrong(
          file, "vox_offset", "at most " + holds, Long.toString(parsed.voxelOffset()));
    }
    if (stored > holds - parsed.voxelOffset()) {
      throw new MalformedVolumeException(
          "%s: expected %d bytes of voxels (%s, %d channels, %s) but the file of %d bytes can hold at most %d; it is cut off or its header is wrong: fetch it again"
              .formatted(
                  file,
                  stored,
                  header().grid().shape(),
                  header().channels(),
                  header().type(),
                  size,
                  holds - parsed.voxelOffset()));
    }
  }

  /** Refuses what fits no array or not the memory of this process, before taking it. */
  private int voxelsInMemory(int bytesPerVoxel) throws MalformedVolumeException {
    GridShape shape = header().grid().shape();
    long bytes = shape.voxels() * header().channels() * bytesPerVoxel;
    long available = Runtime.getRuntime().maxMemory();
    if (shape.voxels() > Integer.MAX_VALUE - 8 || bytes > available) {
      throw new MalformedVolumeException(
          "%s: expected a volume that fits the %d MiB of this process but %s with %d channels takes %d MiB; give more memory, or crop or split the file"
              .formatted(file, available >> 20, shape, header().channels(), bytes >> 20));
    }
    return shape.arrayLength();
  }

  Volume readImage() throws IOException {
    int voxels = voxelsInMemory(Float.BYTES);
    List<float[]> channels = new ArrayList<>();
    skipToVoxels();
    VoxelDecoder decoder = VoxelDecoder.of(header());
    byte[] chunk = new byte[VoxelDecoder.CHUNK_BYTES];
    ByteBuffer view = ByteBuffer.wrap(chunk).order(parsed.order());
    int step = VoxelDecoder.CHUNK_BYTES / header().type().bytes();
    for (int channel = 0; channel < header().channels(); channel++) {
      float[] target = new float[voxels];
      for (int at = 0; at < voxels; ) {
        int count = Math.min(step, voxels - at);
        fill(chunk, count);
        decoder.decode(view, target, at, count);
        at += count;
      }
      channels.add(target);
    }
    readToEnd();
    return new Volume(header().grid(), channels);
  }

  LabelVolume readLabels() throws IOException {
    if (header().channels() != 1) {
      throw new MalformedVolumeException(
          "%s: expected a label map of one channel but found %d; keep one volume with class numbers"
              .formatted(file, header().channels()));
    }
    byte[] target = new byte[voxelsInMemory(Byte.BYTES)];
    skipToVoxels();
    boolean scaled = header().slope() != 1 || header().intercept() != 0;
    if (!scaled && header().type() == VoxelType.UINT8) {
      readAsStored(target);
    } else {
      readConverted(target);
    }
    readToEnd();
    return new LabelVolume(header().grid(), target);
  }

  /** Most label maps hold their classes as they are. */
  private void readAsStored(byte[] target) throws IOException {
    fill(target, target.length);
    for (int index = 0; index < target.length; index++) {
      if (target[index] < 0) {
        throw noLabel(target[index] & 0xff, index);
      }
    }
  }

  private void readConverted(byte[] target) throws IOException {
    VoxelDecoder decoder = VoxelDecoder.of(header());
    byte[] chunk = new byte[VoxelDecoder.CHUNK_BYTES];
    ByteBuffer view = ByteBuffer.wrap(chunk).order(parsed.order());
    float[] values = new float[VoxelDecoder.CHUNK_BYTES / header().type().bytes()];
    for (int at = 0; at < target.length; ) {
      int count = Math.min(values.length, target.length - at);
      fill(chunk, count);
      decoder.decode(view, values, 0, count);
      for (int index = 0; index < count; index++) {
        byte label = (byte) values[index];
        target[at + index] =
            label >= 0 && label == values[index] ? label : label(values[index], at + index);
      }
      at += count;
    }
  }

  private byte label(float value, int index) throws MalformedVolumeException {
    int label = Math.round(value);
    if (!(Math.abs(value - label) < 1e-4f) || label < -1 || label > Byte.MAX_VALUE) {
      throw noLabel(value, index);
    }
    return (byte) label;
  }

  private MalformedVolumeException noLabel(float value, int index) {
    GridShape shape = header().grid().shape();
    int row = index / shape.x();
    return new MalformedVolumeException(
        "%s: expected labels that are whole numbers from 0 to 127 but voxel (z, y, x) = (%d, %d, %d) holds %s; give the classes consecutive numbers"
            .formatted(file, row / shape.y(), row % shape.y(), index % shape.x(), value));
  }

  private void skipToVoxels() throws IOException {
    long skip = parsed.voxelOffset() - headBytes;
    try {
      if (skip > 0) {
        in.skipNBytes(skip);
      }
    } catch (EOFException | ZipException e) {
      throw truncated(e);
    }
  }

  private void fill(byte[] chunk, int voxels) throws IOException {
    int length = voxels * header().type().bytes();
    int found;
    try {
      found = in.readNBytes(chunk, 0, length);
    } catch (EOFException | ZipException e) {
      throw truncated(e);
    }
    if (found < length) {
      throw truncated(null);
    }
  }

  /** Reads on to the gzip checksum, so that a flipped bit anywhere in the file is noticed. */
  private void readToEnd() throws IOException {
    if (!compressed) {
      return;
    }
    try {
      byte[] rest = in.readNBytes((int) TRAILING_BYTES + 1);
      if (rest.length > TRAILING_BYTES) {
        throw new MalformedVolumeException(
            "%s: expected the file to end behind its %d bytes of voxels but it goes on for more than 1 MiB; its header is wrong: write it anew"
                .formatted(file, header().storedBytes()));
      }
    } catch (EOFException | ZipException e) {
      throw truncated(e);
    }
  }

  private MalformedVolumeException truncated(@Nullable IOException cause) {
    String message =
        "%s: expected a whole NIfTI file but the data end early or are damaged%s; fetch it again"
            .formatted(file, cause == null ? "" : " (" + cause.getMessage() + ")");
    return cause == null
        ? new MalformedVolumeException(message)
        : new MalformedVolumeException(message, cause);
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
