package org.voxbench.steps.preprocess;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import org.voxbench.steps.volume.GridShape;

/**
 * SHA-256 of what an image shows. Channels of whole numbers of 16 bits, as scanners give them, are
 * hashed as such: half the bytes, and the same whatever type a file stores them in.
 */
final class ContentDigest {

  private static final int CHUNK = 1 << 14;

  private String hex = "";

  /** Empty until an image was digested. */
  String hex() {
    return hex;
  }

  void of(GridShape shape, List<float[]> channels) {
    MessageDigest digest = Digests.sha256();
    digest.update(shape.toString().getBytes(StandardCharsets.UTF_8));
    for (float[] voxels : channels) {
      update(digest, voxels, areShorts(voxels));
    }
    hex = HexFormat.of().formatHex(digest.digest());
  }

  private static boolean areShorts(float[] voxels) {
    for (float voxel : voxels) {
      if ((short) voxel != voxel) {
        return false;
      }
    }
    return true;
  }

  private static void update(MessageDigest digest, float[] voxels, boolean shorts) {
    digest.update((byte) (shorts ? Short.BYTES : Float.BYTES));
    ByteBuffer bytes = ByteBuffer.allocate(CHUNK * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int at = 0; at < voxels.length; at += CHUNK) {
      bytes.clear();
      for (int index = at; index < Math.min(voxels.length, at + CHUNK); index++) {
        if (shorts) {
          bytes.putShort((short) voxels[index]);
        } else {
          bytes.putFloat(voxels[index]);
        }
      }
      digest.update(bytes.flip());
    }
  }
}
