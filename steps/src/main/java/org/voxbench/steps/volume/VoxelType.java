package org.voxbench.steps.volume;

import java.util.Arrays;
import java.util.Optional;

/** The NIfTI data types that hold one number per voxel. */
public enum VoxelType {
  UINT8(2, 1),
  INT16(4, 2),
  INT32(8, 4),
  FLOAT32(16, 4),
  FLOAT64(64, 8),
  INT8(256, 1),
  UINT16(512, 2),
  UINT32(768, 4),
  INT64(1024, 8),
  UINT64(1280, 8);

  private final int code;
  private final int bytes;

  VoxelType(int code, int bytes) {
    this.code = code;
    this.bytes = bytes;
  }

  /** The number in the header's {@code datatype} field. */
  public int code() {
    return code;
  }

  /** Bytes per voxel. */
  public int bytes() {
    return bytes;
  }

  static Optional<VoxelType> of(int code) {
    return Arrays.stream(values()).filter(type -> type.code == code).findFirst();
  }
}
