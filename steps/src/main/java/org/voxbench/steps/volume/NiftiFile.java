package org.voxbench.steps.volume;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Reads and writes NIfTI-1 and NIfTI-2 single files, {@code .nii} and {@code .nii.gz}, of every
 * real data type and both byte orders. Axes stay as in the file: its fastest axis is x, the last
 * one in memory. Whether a file is compressed is seen from its first bytes, not from its name.
 *
 * <p>What a header claims is checked against the size of the file before memory is taken for it.
 */
public final class NiftiFile {

  private NiftiFile() {}

  /**
   * Reads a header alone.
   *
   * @throws MalformedVolumeException when the file cannot hold what its header says
   */
  public static NiftiHeader header(Path file, AffineRule rule) throws IOException {
    try (NiftiReader reader = NiftiReader.open(file, rule)) {
      return reader.header();
    }
  }

  /** Reads an image by the qform rule. */
  public static Volume readImage(Path file) throws IOException {
    return readImage(file, AffineRule.QFORM);
  }

  /**
   * Reads an image; slope and intercept are applied. NaN and infinite voxels are kept.
   *
   * @return one channel per entry of the fourth (or a vector image's fifth) dimension
   * @throws MalformedVolumeException when the file is not the image its header describes
   */
  public static Volume readImage(Path file, AffineRule rule) throws IOException {
    try (NiftiReader reader = NiftiReader.open(file, rule)) {
      return reader.readImage();
    }
  }

  /** Reads labels by the qform rule. */
  public static LabelVolume readLabels(Path file) throws IOException {
    return readLabels(file, AffineRule.QFORM);
  }

  /**
   * Reads a label map.
   *
   * @throws MalformedVolumeException when the file is not the map its header describes, has more
   *     than one channel, or a voxel is not a whole number of -1 to 127
   */
  public static LabelVolume readLabels(Path file, AffineRule rule) throws IOException {
    try (NiftiReader reader = NiftiReader.open(file, rule)) {
      return reader.readLabels();
    }
  }

  /**
   * Writes an image, atomically; compressed when the name ends in {@code .gz}.
   *
   * @param type {@code FLOAT32}, or {@code INT16} for whole numbers such as Hounsfield units
   * @throws IllegalArgumentException when a voxel does not fit the type
   */
  public static void writeImage(Path file, Volume volume, VoxelType type) throws IOException {
    NiftiWriter.write(file, volume, type);
  }

  /** Writes a label map as unsigned bytes, atomically; -1 (outside) becomes 0. */
  public static void writeLabels(Path file, LabelVolume labels) throws IOException {
    NiftiWriter.write(file, labels);
  }
}
