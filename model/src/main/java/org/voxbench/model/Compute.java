package org.voxbench.model;

import java.nio.file.Path;

/**
 * Where to compute.
 *
 * @param device which processor
 * @param threads CPU threads; 0 takes all
 * @param cache folder for the unpacked native libraries (about 450 MB, written once)
 */
public record Compute(Device device, int threads, Path cache) {

  /** A kind of processor. */
  public enum Device {
    /** CUDA where there is a usable one, else the CPU. */
    AUTO,
    CPU,
    CUDA
  }

  public Compute {
    Checks.between("compute.threads", threads, 0, 1024);
  }

  /** The CPU with all its threads. */
  public static Compute cpu(Path cache) {
    return new Compute(Device.CPU, 0, cache);
  }
}
