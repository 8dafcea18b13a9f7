package org.voxbench.steps.volume;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.voxbench.steps.AtomicFiles;

/** Writes little-endian single files: NIfTI-1, or NIfTI-2 where NIfTI-1 would lose something. */
final class NiftiWriter {

  private static final int CHUNK_VOXELS = 1 << 15;
  private static final byte MILLIMETRES = 2;

  private NiftiWriter() {}

  static void write(Path file, LabelVolume labels) throws IOException {
    byte[] voxels = labels.voxels();
    AtomicFiles.write(
        file,
        raw -> {
          try (OutputStream out = open(file, raw)) {
            out.write(header(labels.grid(), 1, VoxelType.UINT8));
            byte[] chunk = new byte[CHUNK_VOXELS];
            for (int at = 0; at < voxels.length; at += CHUNK_VOXELS) {
              int count = Math.min(CHUNK_VOXELS, voxels.length - at);
              for (int index = 0; index < count; index++) {
                chunk[index] = (byte) Math.max(0, voxels[at + index]);
              }
              out.write(chunk, 0, count);
            }
          }
        });
  }

  static void write(Path file, Volume volume, VoxelType type) throws IOException {
    if (type != VoxelType.FLOAT32 && type != VoxelType.INT16) {
      throw new IllegalArgumentException(
          "type: expected FLOAT32 or INT16 for an image but was " + type);
    }
    AtomicFiles.write(
        file,
        raw -> {
          try (OutputStream out = open(file, raw)) {
            out.write(header(volume.grid(), volume.channels().size(), type));
            for (float[] voxels : volume.channels()) {
              writeVoxels(file, voxels, type, out);
            }
          }
        });
  }

  private static void writeVoxels(Path file, float[] voxels, VoxelType type, OutputStream out)
      throws IOException {
    ByteBuffer chunk =
        ByteBuffer.allocate(CHUNK_VOXELS * type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    for (int at = 0; at < voxels.length; at += CHUNK_VOXELS) {
      int count = Math.min(CHUNK_VOXELS, voxels.length - at);
      chunk.clear();
      if (type == VoxelType.FLOAT32) {
        chunk.asFloatBuffer().put(voxels, at, count);
      } else {
        for (int index = 0; index < count; index++) {
          chunk.putShort(whole(file, voxels[at + index]));
        }
      }
      out.write(chunk.array(), 0, count * type.bytes());
    }
  }

  private static short whole(Path file, float value) {
    if (value != (short) value) {
      throw new IllegalArgumentException(
          "%s: expected whole numbers from -32768 to 32767 for INT16 but found %s; write FLOAT32"
              .formatted(file, value));
    }
    return (short) value;
  }

  /** Level 1: a scan takes a third of the time of the default level and grows by a few percent. */
  private static OutputStream open(Path file, OutputStream raw) throws IOException {
    if (!file.toString().endsWith(".gz")) {
      return new BufferedOutputStream(raw, 1 << 16);
    }
    return new GZIPOutputStream(raw, 1 << 16) {
      {
        def.setLevel(Deflater.BEST_SPEED);
      }
    };
  }

  private static byte[] header(Grid grid, int channels, VoxelType type) {
    return needsNifti2(grid, channels)
        ? nifti2(grid, channels, type)
        : nifti1(grid, channels, type);
  }

  private static boolean needsNifti2(Grid grid, int channels) {
    GridShape shape = grid.shape();
    int largest = Math.max(Math.max(shape.z(), shape.y()), Math.max(shape.x(), channels));
    return largest > Short.MAX_VALUE;
  }

  private static byte[] nifti1(Grid grid, int channels, VoxelType type) {
    ByteBuffer header = ByteBuffer.allocate(352).order(ByteOrder.LITTLE_ENDIAN);
    header.putInt(0, HeaderParser.NIFTI1_BYTES);
    long[] dim = dimensions(grid.shape(), channels);
    double[] pixdim = pixdim(grid);
    for (int index = 0; index < 8; index++) {
      header.putShort(40 + 2 * index, (short) dim[index]);
      header.putFloat(76 + 4 * index, (float) pixdim[index]);
    }
    header.putShort(70, (short) type.code());
    header.putShort(72, (short) (8 * type.bytes()));
    header.putFloat(108, 352);
    header.putFloat(112, 1);
    header.put(123, MILLIMETRES);
    Orientation orientation = grid.orientation();
    header.putShort(252, (short) orientation.qformCode());
    header.putShort(254, (short) orientation.sformCode());
    for (int index = 0; index < 6; index++) {
      header.putFloat(256 + 4 * index, orientation.quaternion().get(index + 1).floatValue());
    }
    for (int index = 0; index < 12; index++) {
      header.putFloat(280 + 4 * index, orientation.sform().rows().get(index).floatValue());
    }
    header.put(344, "n+1\0".getBytes(StandardCharsets.US_ASCII));
    return header.array();
  }

  private static byte[] nifti2(Grid grid, int channels, VoxelType type) {
    ByteBuffer header = ByteBuffer.allocate(544).order(ByteOrder.LITTLE_ENDIAN);
    header.putInt(0, HeaderParser.NIFTI2_BYTES);
    header.put(4, "n+2\0\r\n\032\n".getBytes(StandardCharsets.US_ASCII));
    header.putShort(12, (short) type.code());
    header.putShort(14, (short) (8 * type.bytes()));
    long[] dim = dimensions(grid.shape(), channels);
    double[] pixdim = pixdim(grid);
    for (int index = 0; index < 8; index++) {
      header.putLong(16 + 8 * index, dim[index]);
      header.putDouble(104 + 8 * index, pixdim[index]);
    }
    header.putLong(168, 544);
    header.putDouble(176, 1);
    Orientation orientation = grid.orientation();
    header.putInt(344, orientation.qformCode());
    header.putInt(348, orientation.sformCode());
    for (int index = 0; index < 6; index++) {
      header.putDouble(352 + 8 * index, orientation.quaternion().get(index + 1));
    }
    for (int index = 0; index < 12; index++) {
      header.putDouble(400 + 8 * index, orientation.sform().rows().get(index));
    }
    header.putInt(500, MILLIMETRES);
    return header.array();
  }

  private static long[] dimensions(GridShape shape, int channels) {
    return new long[] {channels > 1 ? 4 : 3, shape.x(), shape.y(), shape.z(), channels, 1, 1, 1};
  }

  private static double[] pixdim(Grid grid) {
    Spacing spacing = grid.spacing();
    double qfac = grid.orientation().quaternion().get(0);
    return new double[] {qfac, spacing.x(), spacing.y(), spacing.z(), 1, 1, 1, 1};
  }
}
