package org.voxbench.model;

import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;

/**
 * Predicts a volume of any size by overlapping, Gaussian-weighted windows (recipe section 5.1).
 *
 * <p>Windows are taken layer by layer along z, and a slice leaves as soon as no later window
 * touches it. Besides the volume itself, memory holds at most min(patch z, volume z) slices of
 * classes x y x x float32, and the input and output of one batch of windows: a 148 x 512 x 512 scan
 * with 14 classes and a patch of 64 x 128 x 128 takes 0.94 GB instead of the 2.2 GB of the whole
 * map (4.3 GB in float64).
 */
public final class SlidingWindow {

  private final WindowNetwork network;
  private final Settings settings;

  /**
   * How windows are laid.
   *
   * @param overlap share of a window that the next one covers again, 0 to 0.9; published 0.5
   * @param mirror whether the network averages over the eight mirrored views; published true
   * @param batch windows given to the network at once, at least 1
   */
  public record Settings(double overlap, boolean mirror, int batch) {

    public Settings {
      if (!(overlap >= 0 && overlap <= 0.9)) {
        throw new IllegalArgumentException("overlap: expected 0 to 0.9 but was " + overlap);
      }
      if (batch < 1) {
        throw new IllegalArgumentException("batch: expected at least 1 but was " + batch);
      }
    }

    /** As published: half overlap, mirrored, one window at a time. */
    public static Settings published() {
      return new Settings(0.5, true, 1);
    }
  }

  /** Takes finished slices. */
  @FunctionalInterface
  public interface SliceConsumer {

    /**
     * Takes one slice; slices come once each, in ascending order.
     *
     * @param z position in the volume
     * @param probabilities classes x y x x; valid until this call returns
     */
    void accept(int z, float[] probabilities);
  }

  /** Told after each batch. */
  @FunctionalInterface
  public interface Progress {
    void windows(long done, long total);
  }

  /** Predicts with {@code network} by {@code settings}. */
  public SlidingWindow(WindowNetwork network, Settings settings) {
    this.network = Objects.requireNonNull(network);
    this.settings = Objects.requireNonNull(settings);
  }

  /**
   * Predicts class probabilities.
   *
   * @param image channels x z x y x x, row-major
   * @param shape voxels (z, y, x)
   * @param stop asked before every batch
   * @throws IllegalArgumentException when an axis is empty, the array does not fill the shape or a
   *     voxel is not finite; the message names the axis or the voxel
   * @throws IllegalStateException when the network gives a number that is not finite
   * @throws CancellationException when {@code stop} says so
   */
  public void predict(
      float[] image, int[] shape, SliceConsumer slices, Progress progress, BooleanSupplier stop) {
    require(image, shape);
    WindowGrid grid = grid(shape);
    WindowSum sum = new WindowSum(grid, network.classes());
    int[] starts = grid.starts(0);
    long total = windows(shape);
    long done = 0;
    for (int layer = 0; layer < starts.length; layer++) {
      for (int first = 0; first < grid.perLayer(); first += settings.batch()) {
        if (stop.getAsBoolean()) {
          throw new CancellationException("stopped after %d of %d windows".formatted(done, total));
        }
        int count = Math.min(settings.batch(), grid.perLayer() - first);
        float[] windows = grid.cut(image, network.inChannels(), layer, first, count);
        float[] found = network.probabilities(windows, count, settings.mirror());
        for (int i = 0; i < count; i++) {
          sum.add(found, i, layer, first + i);
        }
        done += count;
        progress.windows(done, total);
      }
      sum.release(layer + 1 < starts.length ? starts[layer + 1] : Integer.MAX_VALUE, slices);
    }
  }

  /**
   * Predicts the most probable class per voxel; the lower class wins a tie.
   *
   * @return z x y x x
   * @see #predict
   */
  public byte[] labels(float[] image, int[] shape, Progress progress, BooleanSupplier stop) {
    require(image, shape);
    int plane = shape[1] * shape[2];
    byte[] labels = new byte[shape[0] * plane];
    float[] best = new float[plane];
    SliceConsumer argmax =
        (z, probabilities) -> {
          Arrays.fill(best, Float.NEGATIVE_INFINITY);
          for (int label = 0; label < network.classes(); label++) {
            for (int i = 0; i < plane; i++) {
              float value = probabilities[label * plane + i];
              if (value > best[i]) {
                best[i] = value;
                labels[z * plane + i] = (byte) label;
              }
            }
          }
        };
    predict(image, shape, argmax, progress, stop);
    return labels;
  }

  /** How many windows a volume of {@code shape} (z, y, x) takes. */
  public long windows(int[] shape) {
    WindowGrid grid = grid(shape);
    return (long) grid.starts(0).length * grid.perLayer();
  }

  private WindowGrid grid(int[] shape) {
    int[] patch = network.patch().stream().mapToInt(Integer::intValue).toArray();
    return new WindowGrid(shape, patch, 1 - settings.overlap());
  }

  private void require(float[] image, int[] shape) {
    if (shape.length != 3 || Arrays.stream(shape).anyMatch(size -> size < 1)) {
      throw new IllegalArgumentException(
          "volume: expected at least one voxel along z, y and x but the shape is "
              + Arrays.toString(shape));
    }
    long voxels = (long) shape[0] * shape[1] * shape[2];
    if (image.length != voxels * network.inChannels()) {
      throw new IllegalArgumentException(
          "volume: expected %d channels of %s, %d numbers, but found %d"
              .formatted(
                  network.inChannels(),
                  Arrays.toString(shape),
                  voxels * network.inChannels(),
                  image.length));
    }
    for (int i = 0; i < image.length; i++) {
      if (!Float.isFinite(image[i])) {
        int voxel = (int) (i % voxels);
        throw new IllegalArgumentException(
            "volume: expected finite numbers but found %s in channel %d at (z %d, y %d, x %d); preprocess the scan again"
                .formatted(
                    image[i],
                    i / voxels,
                    voxel / (shape[1] * shape[2]),
                    voxel / shape[2] % shape[1],
                    voxel % shape[2]));
      }
    }
  }
}
