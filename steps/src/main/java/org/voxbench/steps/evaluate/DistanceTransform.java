package org.voxbench.steps.evaluate;

import java.util.Arrays;

/**
 * Exact Euclidean distances from voxels to the nearest of a set of sites, by one pass per axis.
 *
 * <p>Unlike a transform of the whole image, every pass covers only lines that hold sites and only
 * positions at which somebody asks, so that a compact organ costs its own box and not the image's.
 * Memory: at most {@link #CHUNK} doubles besides one plane, however large the image.
 */
final class DistanceTransform {

  private static final int CHUNK = 1 << 22;

  private final Lattice lattice;
  private final int[] sites;
  private final Box siteBox;
  private final Box askBox;
  private final int[] lines;
  private final double[] plane;

  private DistanceTransform(int[] sites, Box askBox, Lattice lattice) {
    this.lattice = lattice;
    this.sites = sites;
    this.siteBox = Box.around(sites, lattice);
    this.askBox = askBox;
    this.lines = lineStarts();
    this.plane = new double[askBox.width() * siteBox.height()];
  }

  /**
   * The distance in mm from each of {@code voxels} to the nearest of {@code sites}.
   *
   * @param voxels ascending indices into the lattice
   * @param sites ascending indices into the lattice, at least one
   */
  static double[] distances(int[] voxels, int[] sites, Lattice lattice) {
    double[] distances = new double[voxels.length];
    if (voxels.length > 0) {
      new DistanceTransform(sites, Box.around(voxels, lattice), lattice).fill(voxels, distances);
    }
    return distances;
  }

  private void fill(int[] voxels, double[] distances) {
    int perRow = askBox.width() * siteBox.depth();
    int rows = Math.max(1, Math.min(askBox.height(), CHUNK / perRow));
    double[] squared = new double[rows * perRow];
    for (int low = askBox.lowY(); low <= askBox.highY(); low += rows) {
      int high = Math.min(low + rows - 1, askBox.highY());
      for (int z = siteBox.lowZ(); z <= siteBox.highZ(); z++) {
        alongX(z);
        alongY(z, low, high, squared);
      }
      alongZ(voxels, low, high, squared, distances);
    }
  }

  /** Where the sites of each line along x begin in {@link #sites}. */
  private int[] lineStarts() {
    int[] starts = new int[siteBox.depth() * siteBox.height() + 1];
    for (int site : sites) {
      starts[line(lattice.z(site), lattice.y(site)) + 1]++;
    }
    Arrays.parallelPrefix(starts, Integer::sum);
    return starts;
  }

  private int line(int z, int y) {
    return (z - siteBox.lowZ()) * siteBox.height() + y - siteBox.lowY();
  }

  private void alongX(int z) {
    double scale = lattice.spacingX() * lattice.spacingX();
    for (int y = siteBox.lowY(); y <= siteBox.highY(); y++) {
      int column = y - siteBox.lowY();
      int from = lines[line(z, y)];
      int to = lines[line(z, y) + 1];
      int origin = (z * lattice.sizeY() + y) * lattice.sizeX();
      for (int x = askBox.lowX(), next = from; x <= askBox.highX(); x++) {
        while (next < to && sites[next] - origin < x) {
          next++;
        }
        double after = next < to ? sites[next] - origin - x : Double.POSITIVE_INFINITY;
        double before = next > from ? x - sites[next - 1] + origin : Double.POSITIVE_INFINITY;
        double nearest = Math.min(after, before);
        plane[(x - askBox.lowX()) * siteBox.height() + column] = scale * nearest * nearest;
      }
    }
  }

  private void alongY(int z, int low, int high, double[] squared) {
    LowerEnvelope envelope = new LowerEnvelope(siteBox.height(), lattice.spacingY());
    for (int x = 0; x < askBox.width(); x++) {
      envelope.clear();
      for (int y = 0; y < siteBox.height(); y++) {
        double value = plane[x * siteBox.height() + y];
        if (value < Double.POSITIVE_INFINITY) {
          envelope.add(y + siteBox.lowY(), value);
        }
      }
      for (int y = low; y <= high; y++) {
        int column = (y - low) * askBox.width() + x;
        squared[column * siteBox.depth() + z - siteBox.lowZ()] =
            envelope.isEmpty() ? Double.POSITIVE_INFINITY : envelope.at(y);
      }
    }
  }

  private void alongZ(int[] voxels, int low, int high, double[] squared, double[] distances) {
    int[] head = new int[(high - low + 1) * askBox.width()];
    Arrays.fill(head, -1);
    int[] next = new int[voxels.length];
    for (int i = voxels.length - 1; i >= 0; i--) {
      int y = lattice.y(voxels[i]);
      if (y >= low && y <= high) {
        int column = (y - low) * askBox.width() + lattice.x(voxels[i]) - askBox.lowX();
        next[i] = head[column];
        head[column] = i;
      }
    }
    LowerEnvelope envelope = new LowerEnvelope(siteBox.depth(), lattice.spacingZ());
    for (int column = 0; column < head.length; column++) {
      if (head[column] >= 0) {
        envelope.clear();
        for (int z = 0; z < siteBox.depth(); z++) {
          double value = squared[column * siteBox.depth() + z];
          if (value < Double.POSITIVE_INFINITY) {
            envelope.add(z + siteBox.lowZ(), value);
          }
        }
        for (int i = head[column]; i >= 0; i = next[i]) {
          distances[i] = Math.sqrt(envelope.at(lattice.z(voxels[i])));
        }
      }
    }
  }
}
