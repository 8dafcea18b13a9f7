package org.voxbench.steps.evaluate;

import java.util.Arrays;

/**
 * Exact Euclidean distances from voxels to the nearest of a set of sites, by one pass per axis.
 *
 * <p>Unlike a transform of the whole image, every pass covers only lines that hold sites and only
 * positions at which somebody asks, so that an organ costs its surface and not the image's volume.
 * Memory: at most {@link #CHUNK} doubles besides one plane, however large the image.
 */
final class DistanceTransform {

  private static final int CHUNK = 1 << 21;

  private final Lattice lattice;
  private final int[] sites;
  private final Box box;
  private final int[] lines;
  private final AskedColumns asked;
  private final LowerEnvelope alongY;
  private final LowerEnvelope alongZ;
  private final int[] rows;
  private final int[] slots;
  private double[] plane = new double[0];

  private DistanceTransform(int[] sites, int[] voxels, Lattice lattice) {
    this.lattice = lattice;
    this.sites = sites;
    this.box = Box.around(sites, lattice);
    this.lines = lineStarts();
    this.asked = new AskedColumns(voxels, lattice);
    this.alongY = new LowerEnvelope(box.height(), lattice.spacingY());
    this.alongZ = new LowerEnvelope(box.depth(), lattice.spacingZ());
    this.rows = new int[box.height()];
    this.slots = new int[lattice.sizeX()];
  }

  /**
   * The distance in mm from each of {@code voxels} to the nearest of {@code sites}.
   *
   * @param voxels indices into the lattice
   * @param sites ascending indices into the lattice, at least one
   */
  static double[] distances(int[] voxels, int[] sites, Lattice lattice) {
    double[] distances = new double[voxels.length];
    new DistanceTransform(sites, voxels, lattice).fill(distances);
    return distances;
  }

  private void fill(double[] distances) {
    int perChunk = Math.max(1, CHUNK / box.depth());
    double[] squared = new double[Math.min(perChunk, asked.count()) * box.depth()];
    for (int low = 0; low < asked.count(); low += perChunk) {
      int high = Math.min(low + perChunk, asked.count());
      int positions = positions(low, high);
      for (int z = box.lowZ(); z <= box.highZ(); z++) {
        int found = fillPlane(z, positions);
        fillColumns(z, found, low, high, squared);
      }
      finish(low, high, squared, distances);
    }
  }

  /** Where the sites of each line along x begin in {@link #sites}. */
  private int[] lineStarts() {
    int[] starts = new int[box.depth() * box.height() + 1];
    for (int site : sites) {
      starts[line(lattice.z(site), lattice.y(site)) + 1]++;
    }
    for (int i = 1; i < starts.length; i++) {
      starts[i] += starts[i - 1];
    }
    return starts;
  }

  private int line(int z, int y) {
    return (z - box.lowZ()) * box.height() + y - box.lowY();
  }

  /** Collects the different x of columns, which ascend, into {@link #slots}; returns how many. */
  private int positions(int low, int high) {
    int count = 0;
    for (int column = low; column < high; column++) {
      if (count == 0 || slots[count - 1] != asked.x(column)) {
        slots[count++] = asked.x(column);
      }
    }
    return count;
  }

  /**
   * The pass along x: for each asked x and each row that holds sites, the squared distance to the
   * row's nearest site. Returns how many rows hold sites.
   */
  private int fillPlane(int z, int positions) {
    int found = 0;
    for (int y = box.lowY(); y <= box.highY(); y++) {
      if (lines[line(z, y)] < lines[line(z, y) + 1]) {
        rows[found++] = y;
      }
    }
    if (plane.length < found * positions) {
      plane = new double[found * positions];
    }
    double scale = lattice.spacingX() * lattice.spacingX();
    for (int row = 0; row < found; row++) {
      int from = lines[line(z, rows[row])];
      int to = lines[line(z, rows[row]) + 1];
      int origin = (z * lattice.sizeY() + rows[row]) * lattice.sizeX();
      int next = from;
      for (int slot = 0; slot < positions; slot++) {
        int place = origin + slots[slot];
        while (next < to && sites[next] < place) {
          next++;
        }
        int after = next < to ? sites[next] - place : Integer.MAX_VALUE;
        int before = next > from ? place - sites[next - 1] : Integer.MAX_VALUE;
        double nearest = Math.min(after, before);
        plane[slot * found + row] = scale * nearest * nearest;
      }
    }
    return found;
  }

  /** The pass along y, read at the asked columns only. */
  private void fillColumns(int z, int found, int low, int high, double[] squared) {
    int slice = z - box.lowZ();
    int slot = -1;
    for (int column = low; column < high; column++) {
      if (slot < 0 || slots[slot] != asked.x(column)) {
        slot++;
        alongY.clear();
        for (int row = 0; row < found; row++) {
          alongY.add(rows[row], plane[slot * found + row]);
        }
      }
      squared[(column - low) * box.depth() + slice] =
          found == 0 ? Double.POSITIVE_INFINITY : alongY.at(asked.y(column));
    }
  }

  /** The pass along z, read at the asked voxels only. */
  private void finish(int low, int high, double[] squared, double[] distances) {
    for (int column = low; column < high; column++) {
      alongZ.clear();
      for (int slice = 0; slice < box.depth(); slice++) {
        double value = squared[(column - low) * box.depth() + slice];
        if (value < Double.POSITIVE_INFINITY) {
          alongZ.add(slice + box.lowZ(), value);
        }
      }
      for (int i = asked.start(column); i < asked.start(column + 1); i++) {
        distances[asked.voxel(i)] = Math.sqrt(alongZ.at(asked.z(i)));
      }
    }
  }

  /** Voxels grouped into columns along z; columns ascend by x, then y; voxels of one by z. */
  private static final class AskedColumns {

    private final long[] order;
    private final int[] starts;
    private final int count;
    private final Lattice lattice;

    AskedColumns(int[] voxels, Lattice lattice) {
      this.lattice = lattice;
      order = new long[voxels.length];
      for (int i = 0; i < voxels.length; i++) {
        long column = (long) lattice.x(voxels[i]) * lattice.sizeY() + lattice.y(voxels[i]);
        order[i] = (column * lattice.sizeZ() + lattice.z(voxels[i])) << 32 | i;
      }
      Arrays.sort(order);
      starts = new int[voxels.length + 1];
      int columns = 0;
      for (int i = 0; i < order.length; i++) {
        if (i == 0 || column(i) != column(i - 1)) {
          starts[columns++] = i;
        }
      }
      starts[columns] = order.length;
      count = columns;
    }

    private int column(int i) {
      return (int) ((order[i] >>> 32) / lattice.sizeZ());
    }

    int count() {
      return count;
    }

    int start(int column) {
      return starts[column];
    }

    int x(int column) {
      return column(starts[column]) / lattice.sizeY();
    }

    int y(int column) {
      return column(starts[column]) % lattice.sizeY();
    }

    int z(int i) {
      return (int) ((order[i] >>> 32) % lattice.sizeZ());
    }

    /** The place of the i-th voxel in the array that was given. */
    int voxel(int i) {
      return (int) order[i];
    }
  }
}
