package org.voxbench.steps.report;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.voxbench.steps.volume.GridShape;
import org.voxbench.steps.volume.Volume;

/**
 * Draws orthogonal slices of a scan in grey, to scale, with the outlines of truth and prediction.
 * Rows and columns are as in the file; nothing is reoriented.
 */
final class SlicePicture {

  static final int TRUTH = 0x00c2a0;
  static final int PREDICTION = 0xff8c1a;
  private static final int BOTH = 0xffffff;
  private static final int CROSS = 0x4da3ff;
  private static final int LONGER_SIDE = 300;

  private final Volume image;
  private final GridShape shape;
  private final byte[] truth;
  private final byte[] prediction;

  /**
   * Takes one scan; the first channel is drawn.
   *
   * @throws IllegalArgumentException when the labels are not on the image's grid
   */
  SlicePicture(Volume image, byte[] truth, byte[] prediction) {
    this.image = image;
    this.shape = image.grid().shape();
    this.truth = truth;
    this.prediction = prediction;
    if (truth.length != shape.voxels() || prediction.length != shape.voxels()) {
      throw new IllegalArgumentException("image, label and prediction differ in shape");
    }
  }

  /** The three slices through a voxel (z, y, x), one across each axis. */
  List<WorstCase.View> views(List<Integer> place) throws IOException {
    List<WorstCase.View> views = new ArrayList<>();
    for (int axis = 0; axis < 3; axis++) {
      String caption = "across %s at %d".formatted("zyx".charAt(axis), place.get(axis));
      views.add(new WorstCase.View(caption, png(axis, place)));
    }
    return views;
  }

  private byte[] png(int axis, List<Integer> place) throws IOException {
    int down = axis == 0 ? 1 : 0;
    int across = axis == 2 ? 1 : 2;
    double high = shape.along(down) * image.grid().spacing().along(down);
    double wide = shape.along(across) * image.grid().spacing().along(across);
    double scale = LONGER_SIDE / Math.max(high, wide);
    int rows = Math.max(1, (int) Math.round(high * scale));
    int columns = Math.max(1, (int) Math.round(wide * scale));
    int[] at = place.stream().mapToInt(Integer::intValue).toArray();
    float[] window = window(down, across, at.clone());
    int[][] voxels = new int[rows][columns];
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        int[] here = at.clone();
        here[down] = row * shape.along(down) / rows;
        here[across] = column * shape.along(across) / columns;
        voxels[row][column] = index(here);
      }
    }
    BufferedImage picture = new BufferedImage(columns, rows, BufferedImage.TYPE_INT_RGB);
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        picture.setRGB(column, row, colour(voxels, row, column, window));
      }
    }
    cross(
        picture,
        (int) ((at[across] + 0.5) * columns / shape.along(across)),
        (int) ((at[down] + 0.5) * rows / shape.along(down)));
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    ImageIO.write(picture, "png", png);
    return png.toByteArray();
  }

  /** The 1st and 99th percentile of the slice, so that a bright implant does not hide the rest. */
  private float[] window(int down, int across, int[] at) {
    float[] values = new float[shape.along(down) * shape.along(across)];
    for (int i = 0; i < values.length; i++) {
      at[down] = i / shape.along(across);
      at[across] = i % shape.along(across);
      float value = image.channel(0)[index(at)];
      values[i] = Float.isFinite(value) ? value : 0;
    }
    Arrays.sort(values);
    return new float[] {
      values[values.length / 100], values[values.length - 1 - values.length / 100]
    };
  }

  private int index(int[] at) {
    return (at[0] * shape.y() + at[1]) * shape.x() + at[2];
  }

  private int colour(int[][] voxels, int row, int column, float[] window) {
    boolean ofTruth = isOutline(truth, voxels, row, column);
    boolean ofPrediction = isOutline(prediction, voxels, row, column);
    if (ofTruth || ofPrediction) {
      return ofTruth && ofPrediction ? BOTH : ofTruth ? TRUTH : PREDICTION;
    }
    float value = image.channel(0)[voxels[row][column]];
    float range = Math.max(window[1] - window[0], Float.MIN_NORMAL);
    int grey = Math.round(255 * Math.min(1, Math.max(0, (value - window[0]) / range)));
    return grey << 16 | grey << 8 | grey;
  }

  /** Whether a labelled pixel has a neighbour of another label. */
  private static boolean isOutline(byte[] labels, int[][] voxels, int row, int column) {
    byte label = labels[voxels[row][column]];
    if (label <= 0) {
      return false;
    }
    return label != at(labels, voxels, row - 1, column)
        || label != at(labels, voxels, row + 1, column)
        || label != at(labels, voxels, row, column - 1)
        || label != at(labels, voxels, row, column + 1);
  }

  private static byte at(byte[] labels, int[][] voxels, int row, int column) {
    boolean inside = row >= 0 && row < voxels.length && column >= 0 && column < voxels[0].length;
    return inside ? labels[voxels[row][column]] : -1;
  }

  /** Four strokes around the place, which stays visible itself. */
  private static void cross(BufferedImage picture, int column, int row) {
    for (int distance = 4; distance < 12; distance++) {
      dot(picture, column - distance, row);
      dot(picture, column + distance, row);
      dot(picture, column, row - distance);
      dot(picture, column, row + distance);
    }
  }

  private static void dot(BufferedImage picture, int column, int row) {
    if (column >= 0 && column < picture.getWidth() && row >= 0 && row < picture.getHeight()) {
      picture.setRGB(column, row, CROSS);
    }
  }
}
