package org.voxbench.steps.evaluate;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;
import java.util.zip.GZIPInputStream;

/** The real 13-class label volume, and the disturbed copy that the golden metrics belong to. */
@SuppressWarnings("ArrayRecordComponent") // never compared
record GoldenLabels(int sizeX, int sizeY, int sizeZ, byte[] truth, byte[] prediction) {

  static GoldenLabels read() throws IOException {
    try (InputStream file =
            Objects.requireNonNull(
                GoldenLabels.class.getResourceAsStream("/golden/label0001.nii.gz"));
        DataInputStream in = new DataInputStream(new GZIPInputStream(file))) {
      ByteBuffer header = ByteBuffer.wrap(in.readNBytes(352)).order(ByteOrder.LITTLE_ENDIAN);
      int x = header.getShort(42);
      int y = header.getShort(44);
      int z = header.getShort(46);
      in.skipNBytes((long) header.getFloat(108) - 352);
      byte[] truth = in.readNBytes(x * y * z);
      return new GoldenLabels(x, y, z, truth, disturbed(truth, x, y, z));
    }
  }

  /** The rule of golden/metrics.json, whose arrays are in the order x, y, z. */
  private static byte[] disturbed(byte[] truth, int sizeX, int sizeY, int sizeZ) {
    byte[] moved = new byte[truth.length];
    for (int z = 3; z < sizeZ; z++) {
      for (int y = 0; y < sizeY - 1; y++) {
        for (int x = 2; x < sizeX; x++) {
          byte label = truth[((z - 3) * sizeY + y + 1) * sizeX + x - 2];
          moved[(z * sizeY + y) * sizeX + x] = label == 4 ? 0 : label;
        }
      }
    }
    for (int z = 10; z < 14; z++) {
      for (int y = 10; y < 14; y++) {
        for (int x = 10; x < 14; x++) {
          moved[(z * sizeY + y) * sizeX + x] = 12;
        }
      }
    }
    return moved;
  }

  Lattice lattice(double spacingX, double spacingY, double spacingZ) {
    return new Lattice(sizeZ, sizeY, sizeX, spacingZ, spacingY, spacingX);
  }
}
