package org.voxbench.steps.preprocess;

import java.nio.charset.StandardCharsets;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Where the voxels of each class are (recipe section 4.5): all of them up to 10000, else 10000 or 1
 * %, whichever is more, drawn without replacement. The draw for a voxel depends on the content of
 * the case's files, the class and the voxel alone.
 *
 * @param voxels voxels per class that is present
 * @param counts locations kept per class
 * @param indices linear indices, ascending within a class, classes ascending
 */
@SuppressWarnings("ArrayRecordComponent") // handed on to a file, never compared
record ClassLocations(
    SortedMap<Integer, Long> voxels, SortedMap<Integer, Integer> counts, int[] indices) {

  private static final int KEPT = 10_000;
  private static final double SHARE = 0.01;
  private static final long SEED = 1234;

  static ClassLocations of(String content, byte[] labels) {
    long[] left = new long[128];
    for (byte label : labels) {
      if (label > 0) {
        left[label]++;
      }
    }
    SortedMap<Integer, Long> voxels = new TreeMap<>();
    SortedMap<Integer, Integer> counts = new TreeMap<>();
    int[] wanted = new int[128];
    int[] next = new int[128];
    int total = 0;
    for (int label = 1; label < 128; label++) {
      if (left[label] > 0) {
        wanted[label] = kept(left[label]);
        next[label] = total;
        total += wanted[label];
        voxels.put(label, left[label]);
        counts.put(label, wanted[label]);
      }
    }
    int[] indices = new int[total];
    draw(labels, seed(content), left, wanted, next, indices);
    return new ClassLocations(voxels, counts, indices);
  }

  private static int kept(long voxels) {
    return (int) Math.max(Math.min(KEPT, voxels), (long) Math.ceil(SHARE * voxels));
  }

  /** Selection sampling: takes a voxel with chance wanted / left, which ends at exactly wanted. */
  private static void draw(
      byte[] labels, long seed, long[] left, int[] wanted, int[] next, int[] indices) {
    for (int index = 0; index < labels.length; index++) {
      int label = labels[index];
      if (label <= 0) {
        continue;
      }
      double draw = (mix(seed + label * 0x632BE59BD9B4E019L + index) >>> 11) * 0x1p-53;
      if (draw * left[label] < wanted[label]) {
        indices[next[label]++] = index;
        wanted[label]--;
      }
      left[label]--;
    }
  }

  private static long seed(String content) {
    long hash = mix(SEED);
    for (byte letter : content.getBytes(StandardCharsets.UTF_8)) {
      hash = mix(hash ^ letter);
    }
    return hash;
  }

  /** The splitmix64 finaliser. */
  private static long mix(long counter) {
    long z = counter * 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
